using EdgeRouter.Core.Usage.Sweeping;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Holds the roll-ups of closed days against their records (see <see cref="RollupSweep"/>), then deletes records that are old (see
/// <see cref="RecordRetention"/>). Regions that share tables may run it at the same time. One instance per invocation.
/// </summary>
/// <param name="sweep">Does the first.</param>
/// <param name="retention">Does the second.</param>
/// <param name="log">Log.</param>
public sealed class RollupSweepFunction(RollupSweep sweep, RecordRetention retention, ILogger<RollupSweepFunction> log)
{
    /// <summary>Setting that says when; the Functions host reads it.</summary>
    internal const string Schedule = "RollupSweepSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run goes on where this one ended.</summary>
    /// <param name="timer">Nothing; carries the trigger.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("rollup-sweep")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await sweep.RunAsync(cancellationToken);
        FunctionsLog.Swept(log, report.Records, report.Unfinished);
        if (report.Mended > 0) FunctionsLog.RollupsMended(log, report.Mended);
        if (report.Excessive > 0) FunctionsLog.RollupsExcessive(log, report.Excessive);
        var deleted = await retention.RunAsync(cancellationToken);
        if (deleted > 0) FunctionsLog.RecordsDeleted(log, deleted);
    }
}
