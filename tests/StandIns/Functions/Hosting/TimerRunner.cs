using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.StandIns.Functions;

/// <summary>Runs a timer function whenever its schedule says, one run at a time.</summary>
internal sealed class TimerRunner(FunctionEntry function, TimeProvider time, Invoker invoker, IConfiguration configuration, ILogger<TimerRunner> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trigger = (TimerTriggerAttribute)function.Trigger;
        NcrontabSchedule schedule;
        try
        {
            schedule = NcrontabSchedule.Parse(configuration.Resolve(trigger.Schedule));
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            // As the real host does: it says so and runs the other functions.
            log.LogError(error, "The '{Name}' function is in error.", function.Name);
            return;
        }
        var last = time.GetUtcNow();
        if (trigger.RunOnStartup) await RunAsync(schedule, last, last, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = schedule.Next(last);
            var wait = next - time.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            await RunAsync(schedule, last, next, stoppingToken);
            last = next;
        }
    }

    private async Task RunAsync(NcrontabSchedule schedule, DateTimeOffset last, DateTimeOffset due, CancellationToken stopping)
    {
        var info = new TimerInfo
        {
            IsPastDue = time.GetUtcNow() - due > TimeSpan.FromSeconds(1),
            ScheduleStatus = new ScheduleStatus { Last = last.UtcDateTime, Next = schedule.Next(due).UtcDateTime, LastUpdated = time.GetUtcNow().UtcDateTime },
        };
        try
        {
            await invoker.InvokeAsync(function, info, [], stopping);
        }
        catch (Exception error)
        {
            log.LogError(error, "Function {Name} failed.", function.Name);
        }
    }
}
