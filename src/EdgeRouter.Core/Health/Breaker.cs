namespace EdgeRouter.Core.Health;

/// <summary>
/// A circuit breaker. Opens when at least half of 5 or more outcomes in 10 seconds failed, when a fifth of 20 or more in a minute failed, or after 3
/// consecutive failures at low traffic. Stays open for 5 s x 2^k, at most 2 minutes, with jitter. Then it lets 1 probe through, then 3, and closes
/// when they pass. Not thread-safe: its owner locks.
/// </summary>
internal sealed class Breaker(Random jitter)
{
    private const int FirstProbes = 1;
    private const int FurtherProbes = 3;
    private const int LowTrafficFailures = 3;
    private const double JitterShare = 0.2;
    private static readonly long MinOpen = TimeSpan.FromSeconds(5).Ticks;
    private static readonly long MaxOpen = TimeSpan.FromMinutes(2).Ticks;
    private readonly RecentAttempts recent = new();
    private int failuresInARow;
    private int level;
    private int stageProbes;
    private int probesSent;
    private int probesPassed;
    private long probeSentAt;
    private long closedAt;

    /// <summary>The state as of the last event.</summary>
    public BreakerState State { get; private set; }

    /// <summary>When an open breaker lets the first probe through.</summary>
    public long OpenUntil { get; private set; }

    /// <summary>Counts changes of state. The outcome of an attempt that started in an earlier state is ignored.</summary>
    public int StateNumber { get; private set; }

    /// <summary>Outcomes and starts of the last minute.</summary>
    public RecentAttempts Recent => recent;

    /// <summary>True when an attempt would be let through.</summary>
    public bool Admits(long now) => State switch
    {
        BreakerState.Closed => true,
        BreakerState.Open => now >= OpenUntil,
        // A probe that never reports must not block the endpoint for ever.
        _ => probesSent < stageProbes || now - probeSentAt >= MaxOpen,
    };

    /// <summary>Lets an attempt through, as a probe unless closed. Ask <see cref="Admits"/> first; a last resort passes in any case.</summary>
    public void Enter(long now)
    {
        recent.Started(now);
        if (State == BreakerState.Closed) return;
        if (State == BreakerState.Open && now >= OpenUntil) BeginStage(FirstProbes);
        probesSent++;
        probeSentAt = now;
    }

    /// <summary>An attempt brought its first token or whole answer.</summary>
    public void Passed(long now, int stateNumber)
    {
        recent.Passed(now);
        failuresInARow = 0;
        if (State == BreakerState.Closed || stateNumber != StateNumber) return;
        probesPassed++;
        // While the breaker is open, only a last resort can pass: it counts as the first probe.
        if (State == BreakerState.Open || probesPassed == FirstProbes && stageProbes == FirstProbes) BeginStage(FurtherProbes);
        else if (probesPassed >= stageProbes) Close(now);
    }

    /// <summary>An attempt failed by the endpoint's fault.</summary>
    public void Failed(long now, int stateNumber)
    {
        recent.Failed(now);
        failuresInARow++;
        if (State == BreakerState.HalfOpen && stateNumber == StateNumber) Trip(now);
        else if (State == BreakerState.Closed && IsBroken(now)) Trip(now);
    }

    /// <summary>An attempt ended without a result: another probe may take its place.</summary>
    public void Released(int stateNumber)
    {
        if (State == BreakerState.HalfOpen && stateNumber == StateNumber && probesSent > probesPassed) probesSent--;
    }

    /// <summary>Opens, longer each time the probes failed.</summary>
    public void Trip(long now)
    {
        if (State == BreakerState.Closed && now - closedAt >= MaxOpen) level = 0;
        var length = Math.Min(MaxOpen, MinOpen << level);
        level = Math.Min(level + 1, 5);
        OpenUntil = now + Math.Min(MaxOpen, (long)(length * (1 + JitterShare * jitter.NextDouble())));
        Become(BreakerState.Open);
    }

    /// <summary>Closes, and drops the outcomes.</summary>
    public void Reset()
    {
        level = 0;
        failuresInARow = 0;
        recent.ForgetOutcomes();
        if (State != BreakerState.Closed) Become(BreakerState.Closed);
    }

    /// <summary>Takes over an open breaker of another instance, unless this instance has results of the last 10 seconds.</summary>
    public void TakeOver(long now, long openUntil)
    {
        if (State != BreakerState.Closed || openUntil <= now || recent.Outcomes(now, 10).Passed > 0) return;
        OpenUntil = Math.Min(openUntil, now + MaxOpen);
        Become(BreakerState.Open);
    }

    private bool IsBroken(long now)
    {
        var (passed, failed) = recent.Outcomes(now, 10);
        if (passed + failed >= 5) return failed * 2 >= passed + failed || IsBrokenOverAMinute(now);
        return failuresInARow >= LowTrafficFailures || IsBrokenOverAMinute(now);
    }

    private bool IsBrokenOverAMinute(long now)
    {
        var (passed, failed) = recent.Outcomes(now, 60);
        return passed + failed >= 20 && failed * 5 >= passed + failed;
    }

    private void BeginStage(int probes)
    {
        stageProbes = probes;
        probesSent = probesPassed = 0;
        Become(BreakerState.HalfOpen);
    }

    private void Close(long now)
    {
        // A flapping endpoint stays blocked longer than the first time, but its recovery must be noticed within half a minute.
        level = Math.Min(level, 1);
        closedAt = now;
        failuresInARow = 0;
        recent.ForgetOutcomes();
        Become(BreakerState.Closed);
    }

    private void Become(BreakerState state)
    {
        State = state;
        StateNumber++;
    }
}

/// <summary>State of a breaker.</summary>
public enum BreakerState
{
    /// <summary>Everything goes through.</summary>
    Closed,

    /// <summary>Nothing goes through until a time.</summary>
    Open,

    /// <summary>A few probes go through.</summary>
    HalfOpen,
}
