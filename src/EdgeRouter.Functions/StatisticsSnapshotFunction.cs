using EdgeRouter.Core.Health.Snapshots;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Merges the statistics of stopped instances: see <see cref="PastHealth"/>. Running instances share their own statistics (HealthSharing): a timer
/// runs on one instance and cannot read the memory of the others. One instance per invocation.
/// </summary>
/// <param name="past">The merge.</param>
/// <param name="log">Log.</param>
public sealed class StatisticsSnapshotFunction(PastHealth past, ILogger<StatisticsSnapshotFunction> log)
{
    /// <summary>Name of the setting with the schedule; the Functions host reads it.</summary>
    internal const string Schedule = "StatisticsSnapshotSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run continues.</summary>
    /// <param name="timer">Not used; the attribute needs a parameter.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("statistics-snapshot")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var merged = await past.MergeAsync(cancellationToken);
        if (merged > 0) FunctionsLog.PastHealthMerged(log, merged);
    }
}
