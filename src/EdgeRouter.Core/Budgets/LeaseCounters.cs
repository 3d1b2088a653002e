using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>Result of a take from a lease.</summary>
internal enum LeaseTake
{
    /// <summary>Done.</summary>
    Taken,

    /// <summary>Done, and it is time to refill.</summary>
    TakenAndLow,

    /// <summary>The lease does not cover it, or has expired.</summary>
    NotCovered,

    /// <summary>The lease is closed.</summary>
    Closed,
}

/// <summary>Why a lease exchanges with the ledger.</summary>
internal enum LeaseSync
{
    /// <summary>More is needed.</summary>
    Refill,

    /// <summary>Time has passed.</summary>
    Renewal,

    /// <summary>The instance shuts down.</summary>
    Release,
}

/// <summary>
/// The arithmetic of one lease, in nano-dollars: free + held + spent is what the lease row of the ledger has as its amount. Holds move money from
/// free to held, settlements from held to spent and back to free; only a write to the ledger changes the sum. Free is negative when more was spent
/// than leased: an answer that cost more than its hold, or requests served without the ledger.
/// <para>
/// A write has three steps: <see cref="Plan"/>, commit, then <see cref="Applied"/> or <see cref="Conflicted"/>. Requests continue between them: what the plan
/// returns is no longer free, what it requests is not free yet. When the outcome of the commit is unknown, the plan stays pending, because the write may
/// still be applied later. It is resolved when the row's sequence number shows that it was applied, or when a later write on the same rows succeeds.
/// After a conflict it stays pending until the row was read again. Thread-safe.
/// </para>
/// </summary>
/// <param name="limit">The amount of the limit.</param>
/// <param name="share">Largest share of the remaining budget that may be reserved in advance.</param>
internal sealed class LeaseCounters(NanoDollars limit, LeaseShare share)
{
    // Factor for the demand until the next refill, which starts when half is used.
    private const int Ahead = 4;
    private const int IdleRenewals = 3;

    private readonly Lock gate = new();
    private readonly List<LeasePlan> inDoubt = [];
    // Number of waiting requests by amount.
    private readonly Dictionary<long, int> wanted = [];
    private long free, held, spent, peak, low, left, room, sequence, changes;
    private DateTimeOffset expires = DateTimeOffset.MinValue;
    private int idle;
    // Amount of the row, as far as is known; null: there is none.
    private long? leased;
    private bool closed;
    private LeasePlan? refused;

    /// <summary>Takes a hold.</summary>
    public LeaseTake TryTake(long amount, DateTimeOffset now)
    {
        lock (gate)
        {
            if (closed) return LeaseTake.Closed;
            if (amount > free || now >= expires) return LeaseTake.NotCovered;
            return HoldNeedsLock(amount);
        }
    }

    /// <summary>Whether <see cref="TryTake"/> would take it.</summary>
    public bool Covers(long amount, DateTimeOffset now)
    {
        lock (gate) return !closed && amount <= free && now < expires;
    }

    /// <summary>Takes a hold that is not covered. False: the lease is closed.</summary>
    public bool TryOverdraw(long amount)
    {
        lock (gate)
        {
            if (!closed) HoldNeedsLock(amount);
            return !closed;
        }
    }

    /// <summary>
    /// An amount is held no longer: its real cost, which may be larger, is spent, the rest becomes free. What a closed lease held already counts as spent.
    /// </summary>
    public void Spend(long amount, long cost)
    {
        lock (gate)
        {
            if (closed) return;
            held -= amount;
            spent += cost;
            free += amount - cost;
        }
    }

    /// <summary>Registers a request that waits for an amount.</summary>
    public void AddWaiter(long amount)
    {
        lock (gate) wanted[amount] = wanted.GetValueOrDefault(amount) + 1;
    }

    /// <summary>Removes a request that waited for an amount.</summary>
    public void RemoveWaiter(long amount)
    {
        lock (gate)
        {
            if (--wanted[amount] == 0) wanted.Remove(amount);
        }
    }

    /// <summary>The most that could be granted: what is free, and what the ledger had left when it was last read.</summary>
    public long Obtainable
    {
        get
        {
            lock (gate) return Math.Max(0, free + left);
        }
    }

    /// <summary>What could be free here if the ledger gave everything that it had when last seen; not below zero.</summary>
    public long Room
    {
        get
        {
            lock (gate) return room;
        }
    }

    /// <summary>Spent and not yet in the ledger, as far as is known.</summary>
    public UnreportedSpending Unreported
    {
        get
        {
            lock (gate)
            {
                long doubtful = 0;
                foreach (var plan in inDoubt) doubtful = Math.Max(doubtful, plan.Reported);
                return new UnreportedSpending(spent, doubtful, changes);
            }
        }
    }

    /// <summary>Whether the ledger has a row of this lease, or something is still to be reported to it.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate) return IsOpenNeedsLock();
        }
    }

    /// <summary>Takes no more holds: forfeited, or closed by <see cref="TryClose"/>.</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate) return closed;
        }
    }

    /// <summary>Closes it if nothing is left to report.</summary>
    public bool TryClose()
    {
        lock (gate) return closed |= !IsOpenNeedsLock() && wanted.Count == 0;
    }

    /// <summary>The write for the given rows; null when there is nothing to write. Closes a lease that was forfeited.</summary>
    public LeasePlan? Plan(PeriodRow period, LeaseRow? row, LeaseSync why, DateTimeOffset expiry)
    {
        lock (gate)
        {
            if (inDoubt.Find(plan => plan.Landed(row)) is { } landed) ApplyNeedsLock(landed);
            else if (row is null && leased is { } amount) ForfeitNeedsLock(amount);
            else if (refused is not null) inDoubt.Remove(refused);
            refused = null;
            room = RoomNeedsLock(period, row);
            var awaited = AwaitedNeedsLock();
            var demand = (Int128)peak + spent + awaited;
            if (why == LeaseSync.Renewal) idle = demand == 0 ? idle + 1 : 0;
            var most = (long)(room * share.Now);
            var ahead = Int128.Min(Int128.Max(Ahead * demand, idle < IdleRenewals ? free : 0), most);
            var target = closed || why == LeaseSync.Release ? 0 : (long)Int128.Clamp(Int128.Max(awaited, ahead), 0, room);
            left = room - target;
            var plan = new LeasePlan(++sequence, expiry, Math.Max(0, held + target), spent, target - free, peak, target <= most ? target / 2 : 0);
            if (!plan.KeepsRow && row is null) return null;
            peak = held;
            if (plan.Change < 0) free += plan.Change;
            inDoubt.Add(plan);
            changes++;
            return plan;
        }
    }

    /// <summary>The plan was committed.</summary>
    public void Applied(LeasePlan plan)
    {
        lock (gate) ApplyNeedsLock(plan);
    }

    /// <summary>
    /// The plan met a conflict: with another instance's write, or with itself when the store lost an answer and retried. The rows that the next plan
    /// reads show which.
    /// </summary>
    public void Conflicted(LeasePlan plan)
    {
        lock (gate)
        {
            refused = plan;
            peak = Math.Max(peak, plan.Peak);
        }
    }

    private LeaseTake HoldNeedsLock(long amount)
    {
        free -= amount;
        held += amount;
        peak = Math.Max(peak, held);
        return free < low ? LeaseTake.TakenAndLow : LeaseTake.Taken;
    }

    private void ApplyNeedsLock(LeasePlan plan)
    {
        changes++;
        spent -= plan.Reported;
        if (plan.Change > 0) free += plan.Change;
        low = plan.Low;
        expires = plan.Expires;
        leased = plan.KeepsRow ? plan.Amount : null;
        // No earlier plan can be applied any more. What they would have returned is part of the next plan, which is made from the row.
        inDoubt.Clear();
    }

    /// <summary>
    /// The sweep counted the row's amount as spent. What was served beyond that is still to be reported, with the upper bound for what is in flight.
    /// </summary>
    private void ForfeitNeedsLock(long amount)
    {
        // A pending plan may have been applied before: then the row came from it, and its report arrived.
        foreach (var plan in inDoubt) amount = Math.Min(amount, plan.Amount + plan.Reported);
        inDoubt.Clear();
        changes++;
        closed = true;
        spent = Math.Max(0, spent + held - amount);
        (free, held, peak, leased) = (-spent, 0, 0, null);
    }

    private bool IsOpenNeedsLock() => leased is not null || inDoubt.Count > 0 || spent != 0 || held != 0;

    /// <summary>What those who wait need, without those for whom there is not enough: their share would only lie idle here.</summary>
    private long AwaitedNeedsLock()
    {
        long sum = 0;
        foreach (var (amount, waiting) in wanted) sum += Math.Min(waiting, (room - sum) / amount) * amount;
        return sum;
    }

    /// <summary>What could be free here if the ledger gave everything; never below zero.</summary>
    private long RoomNeedsLock(PeriodRow period, LeaseRow? row)
    {
        var others = period.Leased - (row?.Amount ?? NanoDollars.Zero);
        return (long)Int128.Max(0, (Int128)limit.Value - period.Spent.Value - others.Value - spent - held);
    }
}

/// <summary>What an instance spent and has not reported to the ledger.</summary>
/// <param name="Spent">The sum.</param>
/// <param name="Doubtful">The part that a write with an unknown outcome may have reported.</param>
/// <param name="Changes">Number of writes begun and ended: while it stays the same and nothing is doubtful, there was no write in between.</param>
internal readonly record struct UnreportedSpending(long Spent, long Doubtful, long Changes);

/// <summary>A write to the ledger.</summary>
/// <param name="Sequence">Its number, rising.</param>
/// <param name="Expires">Until when the lease is valid after it.</param>
/// <param name="Amount">The amount of the lease row.</param>
/// <param name="Reported">Added to what was spent in the reset period.</param>
/// <param name="Change">Added to what is free: at once when negative, otherwise when committed.</param>
/// <param name="Peak">Largest amount that was held since the previous plan.</param>
/// <param name="Low">Refill below this amount.</param>
internal sealed record LeasePlan(long Sequence, DateTimeOffset Expires, long Amount, long Reported, long Change, long Peak, long Low)
{
    /// <summary>A row without an amount is kept when spending is reported: its sequence number shows whether the report arrived.</summary>
    public bool KeepsRow => Amount > 0 || Reported != 0;

    /// <summary>Whether the row shows that this plan was applied.</summary>
    public bool Landed(LeaseRow? row) => KeepsRow ? row?.Sequence == Sequence : row is null;
}
