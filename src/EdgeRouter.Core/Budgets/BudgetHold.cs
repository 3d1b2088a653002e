using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// What one request may cost at most, set aside on every level that bounds its caller until it is settled. Grows with each attempt, because several
/// of them may be charged. A caller without limits has holds that cover anything and set nothing aside. Thread-safe: attempts overlap.
/// </summary>
public sealed class BudgetHold
{
    /// <summary>
    /// The most that one amount counts for: no answer costs more than a hundred million dollars, whatever a provider says, and sums stay in range.
    /// </summary>
    internal static readonly NanoDollars Most = NanoDollars.FromDollars(100_000_000m);

    /// <summary>Covers anything, sets nothing aside and is never settled.</summary>
    internal static readonly BudgetHold Unbounded = new([]);

    private readonly Lock gate = new();
    private readonly BudgetLease[] leases;
    private NanoDollars total, assigned;
    private bool settled;

    internal BudgetHold(BudgetLease[] leases) => this.leases = leases;

    /// <summary>Whether any limit bounds the request; if none does, the amounts do not matter.</summary>
    public bool IsBounded => leases.Length > 0;

    /// <summary>Set aside so far, on each level.</summary>
    public NanoDollars Total
    {
        get
        {
            lock (gate) return total;
        }
    }

    internal bool HasClosedLease => Array.Exists(leases, static lease => lease.IsClosed);

    /// <summary>
    /// Covers one more attempt: with what was released, and else with more money from every level, all or nothing. Null: covered. Completes at once
    /// unless the ledger must be asked; cancellation ends the wait and covers nothing.
    /// </summary>
    public ValueTask<BudgetRefusal?> CoverAsync(NanoDollars amount, CancellationToken cancellationToken)
    {
        if (leases.Length == 0) return default;
        if (amount > Most) amount = Most;
        NanoDollars reused;
        lock (gate)
        {
            if (settled) return new(new BudgetRefusal(BudgetRefusalReason.Settled, null, null, amount, NanoDollars.Zero));
            var spare = total - assigned;
            reused = spare < amount ? spare : amount;
            assigned += reused;
        }
        return reused == amount ? default : TakeAsync(0, reused, amount - reused, cancellationToken);
    }

    /// <summary>False: as far as is known without asking the ledger, <see cref="CoverAsync"/> would refuse.</summary>
    public bool MayCover(NanoDollars amount)
    {
        NanoDollars missing;
        lock (gate) missing = amount - (total - assigned);
        if (missing <= NanoDollars.Zero) return true;
        foreach (var lease in leases)
            if (!lease.MayCover(missing)) return false;
        return true;
    }

    /// <summary>An attempt that was covered will not be charged: its cover is there for the next one. It stays set aside until the hold is settled.</summary>
    public void Release(NanoDollars amount)
    {
        if (leases.Length == 0) return;
        lock (gate) assigned -= amount > Most ? Most : amount;
    }

    /// <summary>
    /// Ends the hold: the cost is spent on every level, whatever it is, and the rest is free again. Only the first call counts; false: this was
    /// another. From then on nothing is covered. Without limits it does nothing.
    /// </summary>
    public bool Settle(NanoDollars cost)
    {
        if (leases.Length == 0) return true;
        NanoDollars held;
        lock (gate)
        {
            if (settled) return false;
            settled = true;
            held = total;
        }
        if (cost > Most) cost = Most;
        foreach (var lease in leases) lease.Settle(held, cost);
        return true;
    }

    /// <summary>Takes <paramref name="missing"/> from the levels from <paramref name="level"/> on. Without a state machine while nothing waits.</summary>
    private ValueTask<BudgetRefusal?> TakeAsync(int level, NanoDollars reused, NanoDollars missing, CancellationToken cancellationToken)
    {
        for (; level < leases.Length; level++)
        {
            var take = leases[level].TakeAsync(missing, cancellationToken);
            if (!take.IsCompletedSuccessfully) return WaitAsync(take, level, reused, missing, cancellationToken);
            if (take.Result is not { } refusal) continue;
            GiveBack(level, reused, missing);
            return new(refusal);
        }
        return new(Keep(reused, missing));
    }

    private async ValueTask<BudgetRefusal?> WaitAsync(ValueTask<BudgetRefusal?> take, int level, NanoDollars reused, NanoDollars missing,
        CancellationToken cancellationToken)
    {
        BudgetRefusal? refusal;
        try
        {
            refusal = await take;
        }
        catch
        {
            GiveBack(level, reused, missing);
            throw;
        }
        if (refusal is null) return await TakeAsync(level + 1, reused, missing, cancellationToken);
        GiveBack(level, reused, missing);
        return refusal;
    }

    private BudgetRefusal? Keep(NanoDollars reused, NanoDollars taken)
    {
        lock (gate)
        {
            if (!settled)
            {
                total += taken;
                assigned += taken;
                return null;
            }
        }
        // The request ended while this waited.
        GiveBack(leases.Length, reused, taken);
        return new BudgetRefusal(BudgetRefusalReason.Settled, null, null, reused + taken, NanoDollars.Zero);
    }

    private void GiveBack(int levels, NanoDollars reused, NanoDollars taken)
    {
        for (var i = 0; i < levels; i++) leases[i].Settle(taken, NanoDollars.Zero);
        lock (gate) assigned -= reused;
    }
}
