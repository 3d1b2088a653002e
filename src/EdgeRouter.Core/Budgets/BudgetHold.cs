using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// The amount that is set aside for one request, on every limit of its caller, until the request's cost is known. It grows with each attempt, because
/// several attempts may be charged. A caller without limits has a hold that covers any amount and sets nothing aside. Thread-safe: attempts overlap.
/// </summary>
public sealed class BudgetHold
{
    /// <summary>Upper bound of a single amount, 100 million dollars, so that sums cannot overflow whatever a provider reports.</summary>
    internal static readonly NanoDollars MaxAmount = NanoDollars.FromDollars(100_000_000m);

    /// <summary>Covers any amount, sets nothing aside and is never settled.</summary>
    internal static readonly BudgetHold Unbounded = new([]);

    private readonly Lock gate = new();
    private readonly BudgetLease[] leases;
    private NanoDollars total, assigned;
    private bool settled;

    internal BudgetHold(BudgetLease[] leases) => this.leases = leases;

    /// <summary>Whether any limit bounds the request; if none does, the amounts do not matter.</summary>
    public bool IsBounded => leases.Length > 0;

    /// <summary>Set aside so far, on each limit.</summary>
    public NanoDollars Total
    {
        get
        {
            lock (gate) return total;
        }
    }

    internal bool HasClosedLease => Array.Exists(leases, static lease => lease.IsClosed);

    /// <summary>
    /// Covers one more attempt: first with released cover, then with more money from every limit, all or nothing. Returns null when it is covered.
    /// Completes synchronously unless the ledger must be read. Cancellation ends the wait and covers nothing.
    /// </summary>
    public ValueTask<BudgetRefusal?> CoverAsync(NanoDollars amount, CancellationToken cancellationToken)
    {
        if (leases.Length == 0) return default;
        if (amount > MaxAmount) amount = MaxAmount;
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

    /// <summary>False: <see cref="CoverAsync"/> would refuse, as far as is known without reading the ledger.</summary>
    public bool MayCover(NanoDollars amount)
    {
        NanoDollars missing;
        lock (gate) missing = amount - (total - assigned);
        if (missing <= NanoDollars.Zero) return true;
        foreach (var lease in leases)
            if (!lease.MayCover(missing)) return false;
        return true;
    }

    /// <summary>
    /// Releases the cover of an attempt that will not be charged, for use by the next attempt. The amount stays set aside until the hold is settled.
    /// </summary>
    public void Release(NanoDollars amount)
    {
        if (leases.Length == 0) return;
        lock (gate) assigned -= amount > MaxAmount ? MaxAmount : amount;
    }

    /// <summary>
    /// Settles the hold: the cost is spent on every limit and the rest becomes free. Only the first call has an effect; later calls return false.
    /// Afterwards nothing more can be covered. Without limits it does nothing.
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
        if (cost > MaxAmount) cost = MaxAmount;
        foreach (var lease in leases) lease.Spend(held, cost);
        return true;
    }

    /// <summary>
    /// Takes <paramref name="missing"/> from the limits from index <paramref name="level"/> on. Needs no state machine while nothing waits.
    /// </summary>
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
        for (var i = 0; i < levels; i++) leases[i].Spend(taken, NanoDollars.Zero);
        lock (gate) assigned -= reused;
    }
}
