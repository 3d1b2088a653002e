namespace EdgeRouter.Core.Health;

/// <summary>Attempts of the last minute, per second: breakers, caps and outages are decided by them. Not thread-safe: its owner locks.</summary>
internal sealed class RecentAttempts
{
    private const int Seconds = 60;
    private readonly int[] started = new int[Seconds];
    private readonly int[] passed = new int[Seconds];
    private readonly int[] failed = new int[Seconds];
    private long newest;

    /// <summary>An attempt was sent.</summary>
    public void Started(long now) => started[Slot(now)]++;

    /// <summary>An attempt brought its first token or whole answer.</summary>
    public void Passed(long now) => passed[Slot(now)]++;

    /// <summary>An attempt failed by the endpoint's fault.</summary>
    public void Failed(long now) => failed[Slot(now)]++;

    /// <summary>Outcomes over the last seconds, the current one included.</summary>
    public (int Passed, int Failed) Outcomes(long now, int seconds)
    {
        Slot(now);
        int good = 0, bad = 0;
        for (var back = 0; back < seconds; back++)
        {
            var slot = (int)((newest - back) % Seconds);
            good += passed[slot];
            bad += failed[slot];
        }
        return (good, bad);
    }

    /// <summary>Attempts sent per second, over 10 seconds.</summary>
    public double Rate(long now)
    {
        const int Span = 10;
        Slot(now);
        var sum = 0;
        for (var back = 0; back < Span; back++) sum += started[(int)((newest - back) % Seconds)];
        return sum / (double)Span;
    }

    /// <summary>Drops the outcomes: a breaker that has just closed starts without any.</summary>
    public void ForgetOutcomes()
    {
        Array.Clear(passed);
        Array.Clear(failed);
    }

    private int Slot(long now)
    {
        var current = now / TimeSpan.TicksPerSecond;
        for (var next = Math.Max(newest + 1, current - Seconds + 1); next <= current; next++)
        {
            var slot = (int)(next % Seconds);
            started[slot] = passed[slot] = failed[slot] = 0;
        }
        newest = Math.Max(newest, current);
        return (int)(newest % Seconds);
    }
}
