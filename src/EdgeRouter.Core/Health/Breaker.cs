namespace EdgeRouter.Core.Health;

/// <summary>
/// A circuit breaker. Opens on at least half of 5 or more outcomes of 10 seconds failing, a fifth of 20 or more of a minute, or 3 failures in a row
/// on low traffic; stays open 5 s x 2^k, 2 minutes at most, with jitter; then lets through 1 probe, then 3, and closes when they pass. Not
/// thread-safe: its owner locks.
/// </summary>
internal sealed class Breaker(Random jitter)
{
    private const int FirstProbes = 1;
    private const int FurtherProbes = 3;
    private const int LowTrafficFailures = 3;
    private const double JitterShare = 0.2;
    private static readonly long ShortestOpen = TimeSpan.FromSeconds(5).Ticks;
    private static readonly long LongestOpen = TimeSpan.FromMinutes(2).Ticks;
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

    /// <summary>Counts changes of state: an outcome of an attempt that started in another era says nothing of this one.</summary>
    public int Era { get; private set; }

    /// <summary>Outcomes and starts of the last minute.</summary>
    public RecentAttempts Recent => recent;

    /// <summary>True when an attempt would be let through.</summary>
    public bool Admits(long now) => State switch
    {
        BreakerState.Closed => true,
        BreakerState.Open => now >= OpenUntil,
        // A probe that never reports must not keep the endpoint out for ever.
        _ => probesSent < stageProbes || now - probeSentAt >= LongestOpen,
    };

    /// <summary>Lets an attempt through, as a probe unless closed. Ask <see cref="Admits"/> first; a last resort goes through regardless.</summary>
    public void Enter(long now)
    {
        recent.Started(now);
        if (State == BreakerState.Closed) return;
        if (State == BreakerState.Open && now >= OpenUntil) BeginStage(FirstProbes);
        probesSent++;
        probeSentAt = now;
    }

    /// <summary>An attempt brought its first token or whole answer.</summary>
    public void Passed(long now, int era)
    {
        recent.Passed(now);
        failuresInARow = 0;
        if (State == BreakerState.Closed || era != Era) return;
        probesPassed++;
        // An open breaker has an attempt to pass only where the endpoint was the last resort: as good as the first probe.
        if (State == BreakerState.Open || probesPassed == FirstProbes && stageProbes == FirstProbes) BeginStage(FurtherProbes);
        else if (probesPassed >= stageProbes) Close(now);
    }

    /// <summary>An attempt failed by the endpoint's fault.</summary>
    public void Failed(long now, int era)
    {
        recent.Failed(now);
        failuresInARow++;
        if (State == BreakerState.HalfOpen && era == Era) Trip(now);
        else if (State == BreakerState.Closed && IsBroken(now)) Trip(now);
    }

    /// <summary>An attempt ended without news: another probe may take its place.</summary>
    public void Released(int era)
    {
        if (State == BreakerState.HalfOpen && era == Era && probesSent > probesPassed) probesSent--;
    }

    /// <summary>Opens, longer each time the probes failed.</summary>
    public void Trip(long now)
    {
        if (State == BreakerState.Closed && now - closedAt >= LongestOpen) level = 0;
        var length = Math.Min(LongestOpen, ShortestOpen << level);
        level = Math.Min(level + 1, 5);
        OpenUntil = now + Math.Min(LongestOpen, (long)(length * (1 + JitterShare * jitter.NextDouble())));
        Become(BreakerState.Open);
    }

    /// <summary>Closes, and forgets what was seen.</summary>
    public void Reset()
    {
        level = 0;
        failuresInARow = 0;
        recent.ForgetOutcomes();
        if (State != BreakerState.Closed) Become(BreakerState.Closed);
    }

    /// <summary>Another instance found the endpoint broken until then. What this one saw in the last 10 seconds weighs more than hearsay.</summary>
    public void TakeOver(long now, long openUntil)
    {
        if (State != BreakerState.Closed || openUntil <= now || recent.Outcomes(now, 10).Passed > 0) return;
        OpenUntil = Math.Min(openUntil, now + LongestOpen);
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
        // An endpoint that flaps opens for longer than the first time, but never so long that its recovery goes unseen for half a minute.
        level = Math.Min(level, 1);
        closedAt = now;
        failuresInARow = 0;
        recent.ForgetOutcomes();
        Become(BreakerState.Closed);
    }

    private void Become(BreakerState state)
    {
        State = state;
        Era++;
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
