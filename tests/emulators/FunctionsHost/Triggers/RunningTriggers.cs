using EdgeRouter.Emulators.FunctionsHost.Worker;

namespace EdgeRouter.Emulators.FunctionsHost.Triggers;

/// <summary>The triggers of one worker that fire by themselves. A function whose trigger cannot be started is left out, and the log says so.</summary>
internal sealed class RunningTriggers : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> running = [];
    private readonly List<ServiceBusTrigger> receivers = [];

    public RunningTriggers(WorkerConnection worker, HostOptions options, HostJson hostJson, LockedMessages locked)
    {
        foreach (var function in worker.Functions)
        {
            try
            {
                Start(function, worker, options, hostJson, locked);
            }
            catch (Exception error) when (error is InvalidOperationException or FormatException)
            {
                options.Log(LogLevel.Error, $"The '{function.Name}' function is in error: {error.Message}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running);
        foreach (var receiver in receivers) await receiver.DisposeAsync();
        stopping.Dispose();
    }

    private void Start(Function function, WorkerConnection worker, HostOptions options, HostJson hostJson, LockedMessages locked)
    {
        switch (function.TriggerType)
        {
            case "timerTrigger":
                var timer = new TimerTrigger(function, worker, options);
                running.Add(WatchAsync(Task.Run(() => timer.RunAsync(stopping.Token)), function, options));
                break;
            case "serviceBusTrigger":
                var receiver = new ServiceBusTrigger(function, worker, options, hostJson, locked);
                receivers.Add(receiver);
                running.Add(WatchAsync(Task.Run(() => receiver.RunAsync(stopping.Token)), function, options));
                break;
        }
    }

    private static async Task WatchAsync(Task trigger, Function function, HostOptions options)
    {
        try
        {
            await trigger;
        }
        catch (Exception error)
        {
            options.Log(LogLevel.Error, $"The trigger of '{function.Name}' stopped: {error.Message}");
        }
    }
}
