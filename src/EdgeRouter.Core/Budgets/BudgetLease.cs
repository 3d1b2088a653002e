using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// This instance's lease on one limit in one reset period. While it covers what is asked, nothing waits; it is refilled in the background when half of it
/// is used. Otherwise the request waits for the ledger, together with all others that do, and one write serves them all. What the ledger said is
/// remembered for a moment, so that requests that cannot be covered do not each ask it.
/// <para>
/// Near the end of a budget every instance needs the ledger for each request, and most writes meet another's. Then the tries wait, longer each time and
/// by chance, and after a few this instance leaves the ledger alone for a moment: its requests are refused because the budget is as good as exhausted.
/// </para>
/// Thread-safe.
/// </summary>
internal sealed class BudgetLease(
    BudgetLimit limit, BudgetPeriod period, string instance, LeaseShare share, BudgetLedger ledger, BudgetOptions options, TimeProvider time,
        Random random, ILedgerFaults? faults, UsageTotals? totals)
{
    /// <summary>Writes that others got ahead of before this instance gives up for <see cref="ContentionMemory"/>.</summary>
    internal const int MaxConflicts = 12;

    /// <summary>A budget is near its end for a request when fewer such requests are left.</summary>
    private const int Few = 100;

    /// <summary>The longest pause after the first conflict; twice as long after each further one.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long the ledger is left alone after too many conflicts.</summary>
    private static readonly TimeSpan ContentionMemory = TimeSpan.FromSeconds(1);

    /// <summary>How long a reading of the ledger that showed too little money is reused. Money that becomes free on this instance counts at once.</summary>
    private static readonly TimeSpan EmptyMemory = TimeSpan.FromSeconds(2);

    /// <summary>Pause before the ledger is tried again after a failure.</summary>
    private static readonly TimeSpan FaultMemory = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait of a request for the ledger.</summary>
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest duration of a write before its outcome counts as unknown.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(15);

    private readonly LeaseCounters counters = new(limit.Amount, share);
    private readonly Lock gate = new();
    private Task<bool>? running;
    // When the ledger last answered, or the exchange with it began.
    private long heardAt;
    private long? saidAt, failedAt, contendedAt;

    public BudgetLimit Limit => limit;

    public BudgetPeriod Period => period;

    public bool IsClosed => counters.IsClosed;

    /// <summary>Spent and not yet in the ledger.</summary>
    public UnreportedSpending Unreported => counters.Unreported;

    /// <summary>Ends when the write that is in progress has ended, if there is one.</summary>
    public Task IdleAsync() => Running ?? Task.CompletedTask;

    /// <summary>Row of the lease.</summary>
    public string Instance => instance;

    /// <summary>Takes a hold; null: taken. Cancellation ends the wait and takes nothing.</summary>
    public ValueTask<BudgetRefusal?> TakeAsync(NanoDollars amount, CancellationToken cancellationToken)
    {
        switch (counters.TryTake(amount.Value, time.GetUtcNow()))
        {
            case LeaseTake.Taken:
                return default;
            case LeaseTake.TakenAndLow:
                if (!IsUnreachable) _ = SyncAsync(LeaseSync.Refill);
                return default;
            default:
                return TakeFromLedgerAsync(amount, cancellationToken);
        }
    }

    /// <summary>False: the amount would be refused, as far as is known without reading the ledger.</summary>
    public bool MayCover(NanoDollars amount) =>
        counters.Covers(amount.Value, time.GetUtcNow()) || (IsUnreachable ? options.ServeWithoutLedger : RefuseFromMemory(amount) is null);

    /// <summary>Ends a hold.</summary>
    public void Spend(NanoDollars held, NanoDollars cost) => counters.Spend(held.Value, cost.Value);

    /// <summary>
    /// Reports what was spent, extends the lease and adjusts its size to the demand; returns it when the reset period is over. To be called every
    /// <see cref="BudgetOptions.RenewalPeriod"/>.
    /// </summary>
    public Task RenewAsync() => counters.IsOpen ? SyncAsync(period.Contains(time.GetUtcNow()) ? LeaseSync.Renewal : LeaseSync.Release) : Task.CompletedTask;

    /// <summary>Returns what is not held.</summary>
    public async Task ReleaseAsync()
    {
        // A write in progress may request more.
        if (Running is { } before) await before;
        if (counters.IsOpen) await SyncAsync(LeaseSync.Release);
        // A write that reports spending keeps the row; a second write deletes it.
        if (counters.IsOpen) await SyncAsync(LeaseSync.Release);
    }

    /// <summary>True: it is closed, because it was forfeited or its reset period is over, and nothing is left to report.</summary>
    public bool TryClose() => !counters.IsOpen && (counters.IsClosed || (!period.Contains(time.GetUtcNow()) && counters.TryClose()));

    /// <summary>Whether the last call of the ledger failed, or the call in progress has timed out.</summary>
    private bool IsUnreachable
    {
        get
        {
            lock (gate) return IsRecent(failedAt, FaultMemory) || (running is not null && !IsRecent(heardAt, LedgerTimeout));
        }
    }

    private Task<bool>? Running
    {
        get
        {
            lock (gate) return running;
        }
    }

    private async ValueTask<BudgetRefusal?> TakeFromLedgerAsync(NanoDollars amount, CancellationToken cancellationToken)
    {
        counters.AddWaiter(amount.Value);
        var asked = time.GetTimestamp();
        try
        {
            while (true)
            {
                if (RefuseFromMemory(amount) is { } refusal) return Decide(refusal);
                var rest = LedgerTimeout - time.GetElapsedTime(asked);
                if (rest <= TimeSpan.Zero) return Decide(Contention(amount));
                await WaitAsync(rest, cancellationToken);
                if (counters.TryTake(amount.Value, time.GetUtcNow()) is LeaseTake.Taken or LeaseTake.TakenAndLow) return null;
                if (counters.IsClosed) return Refusal(BudgetRefusalReason.LedgerUnreachable, amount);
            }
        }
        finally
        {
            counters.RemoveWaiter(amount.Value);
        }
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await SyncAsync(LeaseSync.Refill).WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // If the ledger did not answer in that time, it counts as unreachable from now on.
        }
        // All who waited go on at once, and not one after the other on the thread that wrote.
        await Task.Yield();
    }

    private BudgetRefusal? Decide(BudgetRefusal refusal)
    {
        if (refusal.Reason != BudgetRefusalReason.LedgerUnreachable || !options.ServeWithoutLedger) return refusal;
        return counters.TryOverdraw(refusal.Requested.Value) ? null : refusal;
    }

    private BudgetRefusal? RefuseFromMemory(NanoDollars amount)
    {
        if (IsUnreachable) return Refusal(BudgetRefusalReason.LedgerUnreachable, amount);
        lock (gate)
        {
            if (IsRecent(contendedAt, ContentionMemory)) return Contention(amount);
            return IsRecent(saidAt, EmptyMemory) && amount.Value > counters.Obtainable ? Refusal(BudgetRefusalReason.Exhausted, amount) : null;
        }
    }

    /// <summary>Others write to the ledger all the time. Only with plenty left is that no reason to take the budget for exhausted.</summary>
    private BudgetRefusal Contention(NanoDollars amount)
    {
        var room = counters.Room;
        if (amount.Value <= room / Few) return Refusal(BudgetRefusalReason.LedgerUnreachable, amount);
        var reason = amount.Value > room ? BudgetRefusalReason.Exhausted : BudgetRefusalReason.Contended;
        return new BudgetRefusal(reason, limit, period, amount, new NanoDollars(room));
    }

    private BudgetRefusal Refusal(BudgetRefusalReason reason, NanoDollars amount) => new(reason, limit, period, amount, new NanoDollars(counters.Obtainable));

    private bool IsRecent(long? timestamp, TimeSpan memory) => timestamp is { } then && time.GetElapsedTime(then) < memory;

    /// <summary>Exchanges with the ledger, or waits for the exchange in progress. False: nothing was written.</summary>
    private Task<bool> SyncAsync(LeaseSync why)
    {
        TaskCompletionSource<bool> mine;
        lock (gate)
        {
            if (running is not null) return running;
            mine = new TaskCompletionSource<bool>();
            (running, heardAt) = (mine.Task, time.GetTimestamp());
        }
        _ = RunAsync(why, mine);
        return mine.Task;
    }

    private async Task RunAsync(LeaseSync why, TaskCompletionSource<bool> done)
    {
        var (reached, written) = (false, false);
        try
        {
            using var timeout = new CancellationTokenSource(WriteTimeout, time);
            written = await WriteAsync(why, timeout.Token);
            reached = true;
        }
        catch (Exception fault)
        {
            // Whatever failed, the ledger's state is unknown now, and requests must not hang.
            faults?.Report(fault);
        }
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (written) (saidAt, failedAt, contendedAt) = (now, null, null);
            else if (reached) (failedAt, contendedAt) = (null, now);
            else failedAt = now;
            running = null;
        }
        done.SetResult(written);
    }

    /// <summary>What was spent in a reset period before its first lease, by its records. Zero, unless the limit is new.</summary>
    private async Task<NanoDollars> SpentBeforeAsync(CancellationToken cancellationToken)
    {
        if (totals is null || !period.Contains(time.GetUtcNow())) return NanoDollars.Zero;
        // A caller who reads an answer slowly must not keep the ledger from opening a period.
        var subject = limit.Level == BudgetLevel.Account ? UsageLayout.AllKeys : limit.Subject;
        var usage = await totals.ReadHandedOverAsync(subject, cancellationToken);
        // What was served without the ledger is reported by the instance that served it.
        var before = Spending.In(usage, limit.Reset).Value - counters.Unreported.Spent;
        return new NanoDollars(Math.Max(0, before));
    }

    /// <summary>False: others wrote first, <see cref="MaxConflicts"/> times in a row.</summary>
    private async Task<bool> WriteAsync(LeaseSync why, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ;)
        {
            var leaseRead = ledger.ReadLeaseAsync(limit, period.Name, instance, cancellationToken).AsTask();
            var periodRead = ledger.ReadPeriodAsync(limit, period.Name, cancellationToken).AsTask();
            await Task.WhenAll(leaseRead, periodRead);
            var (row, lease) = (await periodRead, await leaseRead);
            if (row.ETag is null) row = row with { Spent = await SpentBeforeAsync(cancellationToken) };
            if (counters.Plan(row, lease, why, time.GetUtcNow() + options.LeaseLifetime) is not { } plan) return true;
            LeaseRow? after = plan.KeepsRow ? new LeaseRow(period.Name, instance, new NanoDollars(plan.Amount), plan.Expires, plan.Sequence, null) : null;
            if (await ledger.TryMoveAsync(limit, period.Name, row, lease, after, new NanoDollars(plan.Reported), cancellationToken))
            {
                counters.Applied(plan);
                return true;
            }
            counters.Conflicted(plan);
            lock (gate) heardAt = time.GetTimestamp();
            if (++conflicts == MaxConflicts) return false;
            await Task.Delay(PauseAfter(conflicts), time, cancellationToken);
        }
    }

    /// <summary>Anything from nothing to twice what it was after the conflict before, so that instances that met do not meet again.</summary>
    private TimeSpan PauseAfter(int conflicts)
    {
        var longest = FirstPause * (1 << (conflicts - 1));
        return (longest < LongestPause ? longest : LongestPause) * random.NextDouble();
    }
}
