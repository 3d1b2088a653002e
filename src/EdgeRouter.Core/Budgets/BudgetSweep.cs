using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// Settles leases whose holders are dead: what such a lease might still have cost counts as spent, since nobody can prove that it was not. Until then
/// it counts against the budget as a lease, so nothing depends on when, or whether, this runs; and because a holder that only lost the ledger for a
/// while must find its lease again, it waits <see cref="Grace"/>. Any number of sweeps may run at once. Stateless.
/// </summary>
public sealed class BudgetSweep(ITableStore store, TimeProvider time)
{
    /// <summary>How long a lease must have expired before it counts as spent; longer than any request and any difference of clocks.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private readonly BudgetLedger ledger = new(store);

    /// <summary>
    /// Settles the dead leases on these limits, of all windows. Returns what now counts as spent, without writes of which the answer was lost.
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
        // Whoever makes a try fail has written to the ledger, so all of them together get on.
        for (var found = lease; found is not null
            && found.Expires <= dead; found = await ledger.ReadLeaseAsync(limit, lease.Window, lease.Instance, cancellationToken))
        {
            var window = await ledger.ReadWindowAsync(limit, lease.Window, cancellationToken);
            if (await ledger.TryMoveAsync(limit, lease.Window, window, found, null, found.Amount, cancellationToken)) return found.Amount;
        }
        return NanoDollars.Zero;
    }
}
