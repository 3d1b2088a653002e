using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Authentication;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>Forfeits the budget leases of crashed instances: see <see cref="BudgetSweep"/>. One instance per invocation.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="keys">The keys, with all limits.</param>
/// <param name="log">Log.</param>
public sealed class LeaseJanitorFunction(BudgetSweep sweep, KeyRing keys, ILogger<LeaseJanitorFunction> log)
{
    /// <summary>Name of the setting with the schedule; the Functions host reads it.</summary>
    internal const string Schedule = "LeaseJanitorSchedule";

    /// <summary>Runs once. Throws <see cref="Core.Storage.StorageUnavailableException"/>: the next run continues.</summary>
    /// <param name="timer">Not used; the attribute needs a parameter.</param>
    /// <param name="cancellationToken">The instance stops.</param>
    [Function("lease-janitor")]
    public async Task RunAsync([TimerTrigger($"%{Schedule}%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var forfeited = await sweep.SweepAsync(keys.Limits, cancellationToken);
        if (forfeited > NanoDollars.Zero) FunctionsLog.LeasesForfeited(log, forfeited);
    }
}
