using System.Text.Json;
using EdgeRouter.Emulators.FunctionsHost.Worker;
using NCrontab;

namespace EdgeRouter.Emulators.FunctionsHost.Triggers;

/// <summary>Runs a timer function whenever its schedule says, one run at a time.</summary>
internal sealed class TimerTrigger(Function function, WorkerConnection worker, HostOptions options)
{
    private readonly CrontabSchedule schedule = Parse(options.Resolve(function.Member("schedule")!.Value.GetString()!));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = options.Time.GetUtcNow().UtcDateTime;
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = schedule.GetNextOccurrence(last);
            var wait = next - options.Time.GetUtcNow().UtcDateTime;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            await FireAsync(last, next, cancellationToken);
            last = next;
        }
    }

    /// <summary>Runs the function now.</summary>
    public Task<StatusResult> FireAsync(CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow().UtcDateTime;
        return FireAsync(now, now, cancellationToken);
    }

    private Task<StatusResult> FireAsync(DateTime last, DateTime due, CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow().UtcDateTime;
        var info = new
        {
            Schedule = new { AdjustForDST = true },
            ScheduleStatus = new { Last = last, Next = schedule.GetNextOccurrence(due), LastUpdated = last },
            IsPastDue = now - due > TimeSpan.FromSeconds(1),
        };
        return worker.InvokeAsync(function, Guid.NewGuid().ToString(), new TypedData { Json = JsonSerializer.Serialize(info) }, cancellationToken);
    }

    private static CrontabSchedule Parse(string text) => CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
        ?? throw new InvalidOperationException($"The schedule expression '{text}' was not recognized.");
}
