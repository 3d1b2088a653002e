using System.Collections;
using System.Globalization;
using System.Text.Json;
using EdgeRouter.Emulators.FunctionsHost;
using Options = EdgeRouter.Emulators.FunctionsHost.HostOptions;

// usage: EdgeRouter.Emulators.FunctionsHost APP_FOLDER [PORT]
// Runs the built app of that folder until it is told to stop. Settings come from the environment and, where that lacks them, from the folder's
// local.settings.json. An app that crashes is started again, as the real host does; one that cannot start, or ends by itself, ends the host too.
const int MostRestarts = 10;
if (args.Length is 0 or > 2)
{
    await Console.Error.WriteLineAsync("usage: EdgeRouter.Emulators.FunctionsHost APP_FOLDER [PORT]");
    return 2;
}
var options = new Options
{
    AppDirectory = Path.GetFullPath(args[0]),
    Port = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 7071,
    Settings = ReadSettings(Path.Combine(Path.GetFullPath(args[0]), "local.settings.json")),
    OnLog = static (level, line) => { if (level >= LogLevel.Information) Console.WriteLine($"[{level}] {line}"); },
};
using var stop = new CancellationTokenSource();
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
await using var host = await EmulatedHost.StartAsync(options);
for (var restarts = 0; ; restarts++)
{
    await using var worker = WorkerProcess.Start(host, options, Console.WriteLine);
    var stopping = Task.Delay(Timeout.Infinite, stop.Token);
    if (restarts == 0 && await Task.WhenAny(host.Ready, worker.Exit, stopping) == host.Ready)
    {
        await host.Ready;
        Console.WriteLine($"Functions: {string.Join(", ", host.Functions)}. Listening on {host.Address}");
    }
    await Task.WhenAny(worker.Exit, stopping);
    if (stop.IsCancellationRequested) return 0;
    var code = await worker.Exit;
    if (code == 0 || !host.Ready.IsCompletedSuccessfully || restarts == MostRestarts) return code;
    Console.WriteLine($"The app ended with {code} and is started again.");
}

void Stop(System.Runtime.InteropServices.PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static Dictionary<string, string> ReadSettings(string path)
{
    var settings = new Dictionary<string, string>();
    if (File.Exists(path))
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var value in file.RootElement.GetProperty("Values").EnumerateObject()) settings[value.Name] = value.Value.GetString() ?? "";
    }
    foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) settings[(string)variable.Key] = (string?)variable.Value ?? "";
    return settings;
}
