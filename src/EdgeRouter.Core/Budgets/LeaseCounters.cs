using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>What became of a take from a lease.</summary>
internal enum LeaseTake
{
    /// <summary>Done.</summary>
    Taken,

    /// <summary>Done, and it is time to refill.</summary>
    TakenAndLow,

    /// <summary>The lease does not cover it, or has expired.</summary>
    NotCovered,

    /// <summary>The lease is no more.</summary>
    Closed,
}

/// <summary>Why a lease talks to the ledger.</summary>
internal enum LeaseSync
{
    /// <summary>More is needed.</summary>
    Refill,

    /// <summary>Time has passed.</summary>
    Renewal,

    /// <summary>Nothing more will be needed.</summary>
    Release,
}

/// <summary>
/// The arithmetic of one lease, in nano-dollars: free + held + spent is what the lease row of the ledger has as its amount. Holds move money from
/// free to held, settlements from held to spent and back to free; only a write to the ledger changes the sum. Free is negative when more was spent
/// than leased: an answer that cost more than its hold, or requests served without the ledger.
/// <para>
/// A write goes <see cref="Plan"/>, commit, then <see cref="Applied"/> or <see cref="Refused"/>. Meanwhile requests go on: what the plan gives back
/// is not free any more, what it asks for is not free yet. When the outcome of the commit stays unknown the plan stays in doubt, for the write may
/// even land later: until the sequence number of the row shows that it did, or a later write on the same rows succeeds, after which it no longer can.
/// A conflict leaves it in doubt until the row was read once more. Thread-safe.
/// </para>
/// </summary>
/// <param name="limit">The whole budget.</param>
/// <param name="share">Most of what is left that is leased ahead of need, 0 to 1, as it is now.</param>
internal sealed class LeaseCounters(NanoDollars limit, Func<double> share)
{
    // Room for what comes until the next refill: it is asked for when half is used.
    private const int Ahead = 4;
    private const int IdleRenewals = 3;

    private readonly Lock gate = new();
    private readonly List<LeasePlan> inDoubt = [];
    // How many wait for which amount.
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

    /// <summary>Takes a hold that nothing covers. False: the lease is no more.</summary>
    public bool TryOverdraw(long amount)
    {
        lock (gate)
        {
            if (!closed) HoldNeedsLock(amount);
            return !closed;
        }
    }

    /// <summary>Ends a hold: its real cost, which may be larger, is spent, the rest free again. What a closed lease held is counted as spent already.</summary>
    public void Settle(long amount, long cost)
    {
        lock (gate)
        {
            if (closed) return;
            held -= amount;
            spent += cost;
            free += amount - cost;
        }
    }

    /// <summary>Says that somebody waits for so much.</summary>
    public void Want(long amount)
    {
        lock (gate) wanted[amount] = wanted.GetValueOrDefault(amount) + 1;
    }

    /// <summary>Says that one of those who waited for so much no longer does.</summary>
    public void Unwant(long amount)
    {
        lock (gate)
        {
            if (--wanted[amount] == 0) wanted.Remove(amount);
        }
    }

    /// <summary>What could be had here at best: what is free, and what the ledger had left when last seen.</summary>
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

    /// <summary>Whether the ledger has, or is owed, anything of this lease.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate) return IsOpenNeedsLock();
        }
    }

    /// <summary>Takes no holds any more: forfeited, or closed by <see cref="TryClose"/>.</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate) return closed;
        }
    }

    /// <summary>Closes it if nothing is left to say about it.</summary>
    public bool TryClose()
    {
        lock (gate) return closed |= !IsOpenNeedsLock() && wanted.Count == 0;
    }

    /// <summary>What to write, given the rows as they are; null: nothing, because nothing is to be said. Closes a lease that was forfeited.</summary>
    public LeasePlan? Plan(WindowRow window, LeaseRow? row, LeaseSync why, DateTimeOffset expiry)
    {
        lock (gate)
        {
            if (inDoubt.Find(plan => plan.Landed(row)) is { } landed) ApplyNeedsLock(landed);
            else if (row is null && leased is { } amount) ForfeitNeedsLock(amount);
            else if (refused is not null) inDoubt.Remove(refused);
            refused = null;
            room = RoomNeedsLock(window, row);
            var awaited = AwaitedNeedsLock();
            var demand = (Int128)peak + spent + awaited;
            if (why == LeaseSync.Renewal) idle = demand == 0 ? idle + 1 : 0;
            var most = (long)(room * share());
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
    /// The plan met a conflict: with another's write, or with itself, if the store lost an answer and tried again. The rows as they are when the next
    /// one is made tell which.
    /// </summary>
    public void Refused(LeasePlan plan)
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
        // None of the others can land any more. What they were to give back is reckoned with in the next plan, which goes by the row.
        inDoubt.Clear();
    }

    /// <summary>
    /// The sweep took the lease for dead and counted the row's amount as spent. What was served beyond that is still to be reported, and for what is
    /// in flight the most that it may cost.
    /// </summary>
    private void ForfeitNeedsLock(long amount)
    {
        // A plan in doubt may have landed before: then the row was its, and its report arrived.
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
    private long RoomNeedsLock(WindowRow window, LeaseRow? row)
    {
        var others = window.Leased - (row?.Amount ?? NanoDollars.Zero);
        return (long)Int128.Max(0, (Int128)limit.Value - window.Spent.Value - others.Value - spent - held);
    }
}

/// <summary>What an instance spent beyond what it told the ledger.</summary>
/// <param name="Spent">The sum.</param>
/// <param name="Doubtful">The part that a write of unknown outcome may have told the ledger.</param>
/// <param name="Changes">Number of writes begun and ended: while it stays the same and nothing is doubtful, no write came between.</param>
internal readonly record struct UnreportedSpending(long Spent, long Doubtful, long Changes);

/// <summary>A write to the ledger on its way.</summary>
/// <param name="Sequence">Its number, rising.</param>
/// <param name="Expires">Until when the lease is good with it.</param>
/// <param name="Amount">The amount of the lease row.</param>
/// <param name="Reported">Added to what the window has spent.</param>
/// <param name="Change">Added to what is free: at once when negative, else when committed.</param>
/// <param name="Peak">Most that was held since the plan before.</param>
/// <param name="Low">Refill below so much.</param>
internal sealed record LeasePlan(long Sequence, DateTimeOffset Expires, long Amount, long Reported, long Change, long Peak, long Low)
{
    /// <summary>A row without an amount is kept where spending is reported: its sequence number tells whether the report arrived.</summary>
    public bool KeepsRow => Amount > 0 || Reported != 0;

    /// <summary>Whether the row shows that it was committed.</summary>
    public bool Landed(LeaseRow? row) => KeepsRow ? row?.Sequence == Sequence : row is null;
}
