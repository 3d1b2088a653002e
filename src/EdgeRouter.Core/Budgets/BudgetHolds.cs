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
/// How much is leased follows the need: about four times what was in flight and spent since the last write, at most a share of what is left, and
/// nothing after a while without requests. So leases shrink as the money runs out, until each hold takes just what it needs from the ledger. An
/// instance that dies takes its lease with it: what was in flight may have been charged, and nobody can prove how much. That is why a restart begins
/// with a new lease instead of looking for its old one, and why the lease is kept small: each kill costs the budget at most one lease.
/// <see cref="ReleaseAsync"/> at an orderly end gives back everything that is not in flight, and from then on nothing is leased ahead of need.
/// </para>
/// <para>
/// The ledger cannot be reached: leases are spent to their end, for <see cref="BudgetOptions.LeaseLifetime"/> at most, then holds are refused or, if
/// the operator wants that, granted beyond the budget and counted later. Spending counts in the window in which the hold was opened, however long the
/// request lasts.
/// </para>
/// </summary>
/// <param name="store">Where the ledger lies.</param>
/// <param name="options">How to lease.</param>
/// <param name="time">Clock of windows and leases.</param>
/// <param name="onFault">Told of each time that the ledger could not be reached; must not throw.</param>
/// <param name="random">Spreads the tries of instances that meet at the ledger; thread-safe.</param>
/// <param name="totals">What was spent on a limit before it was set; null: nothing was.</param>
public sealed class BudgetHolds(
    ITableStore store, BudgetOptions options, TimeProvider time, Action<Exception> onFault, Random random, UsageTotals? totals = null)
{
    /// <summary>Tries to read the ledger while no own write comes between.</summary>
    private const int MostReads = 5;

    private readonly BudgetLedger ledger = new(store);
    private readonly ConcurrentDictionary<BudgetLimit, LeasedBudget> budgets = new();
    private readonly string instance = Guid.NewGuid().ToString("N");
    private int leases;
    private volatile bool ending;

    /// <summary>Opens a hold on all limits at once. It has covered its first amount, or a refusal comes with it, and it holds nothing.</summary>
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

    /// <summary>Reports, extends and fits every lease. To be called every <see cref="BudgetOptions.RenewalPeriod"/>.</summary>
    public async Task RenewAsync()
    {
        foreach (var (_, budget) in budgets) await budget.RenewAsync();
    }

    /// <summary>
    /// Gives back whatever is not held, at an orderly end. Requests may still go on and even begin: they lease what they need and no more, and
    /// another call gives that back and reports what was spent. What is in flight at the last call is settled by the sweep, as if the instance had died.
    /// </summary>
    public async Task ReleaseAsync()
    {
        ending = true;
        foreach (var (_, budget) in budgets) await budget.ReleaseAsync();
    }

    /// <summary>
    /// What was spent in the current window: what the ledger says, what this instance has not reported yet, and leases whose holders did not renew
    /// them in time.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The ledger cannot be reached.</exception>
    public async Task<BudgetBalance> ReadAsync(BudgetLimit limit, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var window = BudgetWindow.Of(limit.Reset, now);
        var own = new HashSet<string>(StringComparer.Ordinal);
        var spent = await ReadSpentAsync(limit, window, own, cancellationToken);
        string? continuation = null;
        do
        {
            (var page, continuation) = await ledger.ReadLeasesAsync(limit, continuation, cancellationToken);
            foreach (var lease in page)
                if (lease.Window == window.Name && lease.Expires <= now && !own.Contains(lease.Instance)) spent += lease.Amount;
        }
        while (continuation is not null);
        return new BudgetBalance(window, spent, spent < limit.Amount ? limit.Amount - spent : NanoDollars.Zero);
    }

    /// <summary>The ledger's sum and what this instance has not told it: neither twice nor, while own writes come between, anything that is not sure.</summary>
    private async Task<NanoDollars> ReadSpentAsync(BudgetLimit limit, BudgetWindow window, HashSet<string> own, CancellationToken cancellationToken)
    {
        if (!budgets.TryGetValue(limit, out var budget)) return (await ledger.ReadWindowAsync(limit, window.Name, cancellationToken)).Spent;
        for (var reads = 1; ; reads++)
        {
            await budget.IdleAsync().WaitAsync(cancellationToken);
            var before = budget.Unreported(window, own);
            var told = (await ledger.ReadWindowAsync(limit, window.Name, cancellationToken)).Spent;
            var after = budget.Unreported(window, own);
            if (before.Changes == after.Changes && after.Doubtful == 0) return told + new NanoDollars(after.Spent);
            if (reads == MostReads) return told + new NanoDollars(after.Spent - after.Doubtful);
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

    // A row of its own for each lease object: none can then mistake another's write for its own.
    private BudgetLease Open(BudgetLimit limit, BudgetWindow window) =>
        new(limit, window, string.Create(CultureInfo.InvariantCulture, $"{instance}-{Interlocked.Increment(ref leases)}"),
            () => ending ? 0 : options.LeaseShare, ledger, options, time, random, onFault, totals);
}

/// <summary>How a budget stands.</summary>
/// <param name="Window">The current window.</param>
/// <param name="Spent">Spent in it.</param>
/// <param name="Left">Left in it, not below zero. What is in flight is not taken off.</param>
public sealed record BudgetBalance(BudgetWindow Window, NanoDollars Spent, NanoDollars Left);
