using EdgeRouter.Emulators.ServiceBus;

// usage: EdgeRouter.Emulators.ServiceBus --port N --queue NAME...
var port = 5672;
var names = new List<string>();
for (var at = 0; at < args.Length; at++)
{
    if (args[at] == "--port" && at + 1 < args.Length && int.TryParse(args[++at], out port)) continue;
    if (args[at] == "--queue" && at + 1 < args.Length && !args[at + 1].StartsWith('-'))
    {
        while (at + 1 < args.Length && !args[at + 1].StartsWith('-')) names.Add(args[++at]);
        continue;
    }
    await Console.Error.WriteLineAsync("usage: --port N --queue NAME...");
    return 2;
}

using var emulator = new ServiceBusEmulator(TimeProvider.System, port);
foreach (var name in names) emulator.AddQueue(name);
Console.WriteLine(emulator.ConnectionString);

var stop = new TaskCompletionSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.TrySetResult();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.TrySetResult();
});
await stop.Task;
return 0;
