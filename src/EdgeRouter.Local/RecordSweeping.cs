using EdgeRouter.Core.Usage.Sweeping;

namespace EdgeRouter.Local;

/// <summary>Deletes old generation records every hour.</summary>
internal sealed partial class RecordSweeping(RecordRetention retention, TimeProvider time, ILogger<RecordSweeping> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            var deleted = await retention.RunAsync(stoppingToken);
            if (deleted > 0) LogDeleted(log, deleted);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            // A row that cannot be read must not stop the router: the next round tries again.
            LogFailed(log, fault);
        }
    }

    [LoggerMessage(201, LogLevel.Information, "{Records} generation records were deleted because of their age.")]
    private static partial void LogDeleted(ILogger logger, long records);

    [LoggerMessage(202, LogLevel.Warning, "Old generation records could not be deleted; the next try is in an hour.")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
