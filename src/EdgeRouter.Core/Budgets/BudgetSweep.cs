using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// Forfeits the leases of crashed instances: the remaining amount counts as spent, because nobody can prove that it was not. Until then it counts as
/// leased, so limits hold even when the sweep does not run. It waits for <see cref="Grace"/>, so that an instance that could not reach the ledger for
/// a while still finds its lease. Any number of sweeps may run at once. Stateless.
/// </summary>
public sealed class BudgetSweep(ITableStore store, TimeProvider time)
{
    /// <summary>How long a lease must have expired before it counts as spent; longer than any request and any difference of clocks.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly BudgetLedger ledger = new(store);

    /// <summary>
    /// Forfeits the expired leases on these limits, of all reset periods. Returns what now counts as spent, without writes whose outcome is unknown.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The ledger cannot be reached; call again later.</exception>
    public async Task<NanoDollars> SweepAsync(IEnumerable<BudgetLimit> limits, CancellationToken cancellationToken = default)
    {
        var dead = time.GetUtcNow() - Grace;
        var forfeited = NanoDollars.Zero;
        foreach (var limit in limits)
        {
            string? continuation = null;
            do
            {
                (var page, continuation) = await ledger.ReadLeasesAsync(limit, continuation, cancellationToken);
                foreach (var lease in page)
                    if (lease.Expires <= dead) forfeited += await ForfeitAsync(limit, lease, dead, cancellationToken);
            }
            while (continuation is not null);
        }
        return forfeited;
    }

    private async Task<NanoDollars> ForfeitAsync(BudgetLimit limit, LeaseRow lease, DateTimeOffset dead, CancellationToken cancellationToken)
    {
        // A try fails only when another instance wrote to the ledger, so together they make progress.
        for (var found = lease; found is not null
            && found.Expires <= dead; found = await ledger.ReadLeaseAsync(limit, lease.Period, lease.Instance, cancellationToken))
        {
            var period = await ledger.ReadPeriodAsync(limit, lease.Period, cancellationToken);
            if (await ledger.TryMoveAsync(limit, lease.Period, period, found, null, found.Amount, cancellationToken)) return found.Amount;
        }
        return NanoDollars.Zero;
    }
}
