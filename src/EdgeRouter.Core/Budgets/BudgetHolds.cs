using System.Collections.Concurrent;
using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// Opens holds. What all instances together hold and have spent on a limit never exceeds it, because each holds only out of leases that it took from
/// the ledger by conditional writes; between those writes a hold is a subtraction in memory. Thread-safe; one per process.
/// <para>
/// The size of a lease follows the demand: about four times what was in flight and spent since the last write, at most a share of the remaining budget,
/// and nothing after some time without requests. So leases shrink near the limit, until each hold takes exactly its amount from the ledger. When an
/// instance crashes, its lease counts as spent, because nobody can prove what was charged. A restarted instance therefore takes a new lease.
/// <see cref="ReleaseAsync"/> returns everything that is not in flight at an orderly shutdown; afterwards nothing is reserved in advance.
/// </para>
/// <para>
/// While the ledger cannot be reached, instances spend their leases for <see cref="BudgetOptions.LeaseLifetime"/> at most. After that, holds are refused
/// or, when <see cref="BudgetOptions.ServeWithoutLedger"/> is set, granted beyond the budget and counted later. Spending counts in the reset period in
/// which the hold was opened, however long the request lasts.
/// </para>
/// </summary>
/// <param name="store">Store of the ledger.</param>
/// <param name="options">How to lease.</param>
/// <param name="time">Clock of reset periods and leases.</param>
/// <param name="faults">Receives each failure to reach the ledger; null: they are not reported.</param>
/// <param name="random">Spreads the tries of instances that meet at the ledger; thread-safe.</param>
/// <param name="totals">What was spent on a limit before it was set; null: nothing was.</param>
public sealed class BudgetHolds(
    ITableStore store, BudgetOptions options, TimeProvider time, ILedgerFaults? faults, Random random, UsageTotals? totals = null)
{
    /// <summary>Tries to read the ledger between two writes of this instance.</summary>
    private const int MaxReads = 5;

    private readonly BudgetLedger ledger = new(store);
    private readonly ConcurrentDictionary<BudgetLimit, LeasedBudget> budgets = new();
    private readonly string instance = Guid.NewGuid().ToString("N");
    private int leases;
    private readonly LeaseShare share = new(options.LeaseShare);

    /// <summary>Opens a hold on all limits at once. Either it covers its first amount, or it comes with a refusal and holds nothing.</summary>
    /// <param name="limits">The caller's limits; none: the hold covers anything.</param>
    /// <param name="amount">What the first attempt may cost at most.</param>
    /// <param name="cancellationToken">Ends the wait for the ledger; nothing is held then.</param>
    public async ValueTask<(BudgetHold Hold, BudgetRefusal? Refusal)> OpenAsync(IReadOnlyList<BudgetLimit> limits, NanoDollars amount,
        CancellationToken cancellationToken)
    {
        if (limits.Count == 0) return (BudgetHold.Unbounded, null);
        while (true)
        {
            var hold = new BudgetHold(LeasesOf(limits));
            var refusal = await hold.CoverAsync(amount, cancellationToken);
            // A lease that was closed while this looked at it has a successor.
            if (refusal is null || !hold.HasClosedLease) return (hold, refusal);
        }
    }

    /// <summary>Reports the spending of every lease, extends it and adjusts its size. To be called every <see cref="BudgetOptions.RenewalPeriod"/>.</summary>
    public async Task RenewAsync()
    {
        foreach (var (_, budget) in budgets) await budget.RenewAsync();
    }

    /// <summary>
    /// Returns whatever is not held, at an orderly shutdown. Requests may continue and even begin: they lease exactly what they need, and another
    /// call returns that and reports what was spent. What is in flight at the last call is forfeited by the sweep, as after a crash.
    /// </summary>
    public async Task ReleaseAsync()
    {
        share.End();
        foreach (var (_, budget) in budgets) await budget.ReleaseAsync();
    }

    /// <summary>
    /// What was spent in the current reset period: the ledger's sum, what this instance has not reported yet, and leases that were not renewed in
    /// time.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The ledger cannot be reached.</exception>
    public async Task<BudgetBalance> ReadAsync(BudgetLimit limit, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var period = BudgetPeriod.Of(limit.Reset, now);
        var own = new HashSet<string>(StringComparer.Ordinal);
        var spent = await ReadSpentAsync(limit, period, own, cancellationToken);
        string? continuation = null;
        do
        {
            (var page, continuation) = await ledger.ReadLeasesAsync(limit, continuation, cancellationToken);
            foreach (var lease in page)
                if (lease.Period == period.Name && lease.Expires <= now && !own.Contains(lease.Instance)) spent += lease.Amount;
        }
        while (continuation is not null);
        return new BudgetBalance(period, spent, spent < limit.Amount ? limit.Amount - spent : NanoDollars.Zero);
    }

    /// <summary>
    /// The ledger's sum plus what this instance has not reported yet. Reads again while a write of this instance is in progress, so that nothing is
    /// counted twice.
    /// </summary>
    private async Task<NanoDollars> ReadSpentAsync(BudgetLimit limit, BudgetPeriod period, HashSet<string> own, CancellationToken cancellationToken)
    {
        if (!budgets.TryGetValue(limit, out var budget)) return (await ledger.ReadPeriodAsync(limit, period.Name, cancellationToken)).Spent;
        for (var reads = 1; ; reads++)
        {
            await budget.IdleAsync().WaitAsync(cancellationToken);
            var before = budget.Unreported(period, own);
            var recorded = (await ledger.ReadPeriodAsync(limit, period.Name, cancellationToken)).Spent;
            var after = budget.Unreported(period, own);
            if (before.Changes == after.Changes && after.Doubtful == 0) return recorded + new NanoDollars(after.Spent);
            if (reads == MaxReads) return recorded + new NanoDollars(after.Spent - after.Doubtful);
        }
    }

    private BudgetLease[] LeasesOf(IReadOnlyList<BudgetLimit> limits)
    {
        var found = new BudgetLease[limits.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = (budgets.TryGetValue(limits[i], out var budget) ? budget : budgets.GetOrAdd(limits[i], limit => new LeasedBudget(limit, time, Open)))
                .Current;
        return found;
    }

    // One row per lease object, so that none mistakes another's write for its own.
    private BudgetLease Open(BudgetLimit limit, BudgetPeriod period) =>
        new(limit, period, string.Create(CultureInfo.InvariantCulture, $"{instance}-{Interlocked.Increment(ref leases)}"),
            share, ledger, options, time, random, faults, totals);
}

/// <summary>State of a budget.</summary>
/// <param name="Period">The current reset period.</param>
/// <param name="Spent">Spent in it.</param>
/// <param name="Remaining">Left in it, not below zero. What is in flight is not subtracted.</param>
public sealed record BudgetBalance(BudgetPeriod Period, NanoDollars Spent, NanoDollars Remaining);
