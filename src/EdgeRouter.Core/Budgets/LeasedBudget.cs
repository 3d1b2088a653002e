namespace EdgeRouter.Core.Budgets;

/// <summary>
/// This instance's leases on one limit: that of the current reset period, and those of earlier periods whose requests are still in progress.
/// Thread-safe.
/// </summary>
internal sealed class LeasedBudget(BudgetLimit limit, TimeProvider time, Func<BudgetLimit, BudgetPeriod, BudgetLease> open)
{
    private readonly Lock gate = new();
    private readonly List<BudgetLease> leases = [];
    private BudgetLease? current;

    /// <summary>The lease of the current reset period.</summary>
    public BudgetLease Current
    {
        get
        {
            var now = time.GetUtcNow();
            return Volatile.Read(ref current) is { IsClosed: false } lease && lease.Period.Contains(now) ? lease : Find(now);
        }
    }

    /// <summary>Renews every lease, and drops those that are closed.</summary>
    public async Task RenewAsync()
    {
        foreach (var lease in Snapshot())
        {
            await lease.RenewAsync();
            if (!lease.TryClose()) continue;
            lock (gate) leases.Remove(lease);
        }
    }

    /// <summary>Returns what is not held.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var lease in Snapshot()) await lease.ReleaseAsync();
    }

    /// <summary>Spent in a reset period and not yet in the ledger; the rows of leases that are still open are added to <paramref name="own"/>.</summary>
    public UnreportedSpending Unreported(BudgetPeriod period, HashSet<string> own)
    {
        var sum = default(UnreportedSpending);
        foreach (var lease in Snapshot())
        {
            if (lease.Period.Name != period.Name) continue;
            own.Add(lease.Instance);
            var one = lease.Unreported;
            sum = new UnreportedSpending(sum.Spent + one.Spent, sum.Doubtful + one.Doubtful, sum.Changes + one.Changes);
        }
        return sum;
    }

    /// <summary>Ends when the writes to the ledger that are in progress have ended.</summary>
    public async Task IdleAsync()
    {
        foreach (var lease in Snapshot()) await lease.IdleAsync();
    }

    private BudgetLease[] Snapshot()
    {
        lock (gate) return [.. leases];
    }

    private BudgetLease Find(DateTimeOffset now)
    {
        lock (gate)
        {
            // A clock that was set back enters an earlier period again.
            if (leases.Find(lease => !lease.IsClosed && lease.Period.Contains(now)) is not { } lease)
            {
                lease = open(limit, BudgetPeriod.Of(limit.Reset, now));
                leases.Add(lease);
            }
            Volatile.Write(ref current, lease);
            return lease;
        }
    }
}
