namespace EdgeRouter.TestSupport;

/// <summary>
/// A clock that moves only when told to. Timers fire on the thread that advances it, in order of their due times. The timestamp frequency is
/// deliberately odd, to catch unit mistakes.
/// </summary>
public sealed class VirtualTimeProvider : TimeProvider
{
    private const long Frequency = TimeSpan.TicksPerSecond * 7;
    private readonly Lock gate = new();
    private readonly List<VirtualTimer> timers = [];
    private DateTimeOffset now;
    private TimeSpan elapsed;

    public VirtualTimeProvider() : this(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero)) { }

    public VirtualTimeProvider(DateTimeOffset start) => now = start;

    public override long TimestampFrequency => Frequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp()
    {
        lock (gate) return elapsed.Ticks * 7;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Number of timers waiting: lets a test know that the code under test has reached its wait.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate) return timers.Count;
        }
    }

    /// <summary>Moves on to the next timer that is due and fires it. False: no timer waits.</summary>
    public bool AdvanceToNext()
    {
        TimeSpan by;
        lock (gate)
        {
            if (timers.Count == 0) return false;
            by = timers.Min(timer => timer.Due) - elapsed;
        }
        Advance(by > TimeSpan.Zero ? by : TimeSpan.Zero);
        return true;
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (gate) target = elapsed + by;
        while (true)
        {
            VirtualTimer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                var to = next?.Due ?? target;
                if (to > elapsed)
                {
                    now += to - elapsed;
                    elapsed = to;
                }
                if (next is null) return;
                next.RescheduleNeedsLock(timers);
            }
            next.Fire();
        }
    }

    private sealed class VirtualTimer(VirtualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
                period = newPeriod;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = owner.elapsed + dueTime;
                owner.timers.Add(this);
            }
            return true;
        }

        public void RescheduleNeedsLock(List<VirtualTimer> timers)
        {
            if (period > TimeSpan.Zero) Due += period;
            else timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner.gate) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
