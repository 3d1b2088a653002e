using EdgeRouter.Core.Health.Snapshots;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Keeps the statistics of instances that are gone: see <see cref="PastHealth"/>. Living instances share theirs by themselves, since a timer runs on
/// an instance of its own and reaches no other's memory. One instance per invocation.
/// </summary>
/// <param name="past">Does it.</param>
/// <param name="log">Log.</param>
public sealed class StatisticsSnapshotFunction(PastHealth past, ILogger<StatisticsSnapshotFunction> log)
{
    /// <summary>Setting that says when; the Functions host reads it.</summary>
    internal const string Schedule = "StatisticsSnapshotSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run does what this one did not.</summary>
    /// <param name="timer">Nothing; carries the trigger.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("statistics-snapshot")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var taken = await past.TakeInAsync(cancellationToken);
        if (taken > 0) FunctionsLog.HealthTakenIn(log, taken);
    }
}
