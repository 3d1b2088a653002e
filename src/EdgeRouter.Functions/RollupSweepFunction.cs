using EdgeRouter.Core.Usage.Sweeping;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Compares the roll-ups of closed days with their records (see <see cref="RollupSweep"/>), then deletes records that are old (see
/// <see cref="RecordRetention"/>). Regions that share tables may run it at the same time. One instance per invocation.
/// </summary>
/// <param name="sweep">The comparison.</param>
/// <param name="retention">The deletion.</param>
/// <param name="log">Log.</param>
public sealed class RollupSweepFunction(RollupSweep sweep, RecordRetention retention, ILogger<RollupSweepFunction> log)
{
    /// <summary>Name of the setting with the schedule; the Functions host reads it.</summary>
    internal const string Schedule = "RollupSweepSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run continues where this one ended.</summary>
    /// <param name="timer">Not used; the attribute needs a parameter.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("rollup-sweep")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await sweep.RunAsync(cancellationToken);
        FunctionsLog.Swept(log, report.Records, report.Unfinished);
        if (report.Corrected > 0) FunctionsLog.RollupsCorrected(log, report.Corrected);
        if (report.Excessive > 0) FunctionsLog.RollupsExcessive(log, report.Excessive);
        var deleted = await retention.RunAsync(cancellationToken);
        if (deleted > 0) FunctionsLog.RecordsDeleted(log, deleted);
    }
}
