namespace EdgeRouter.Core.Health;

/// <summary>
/// A moving average that rises at once with a slow sample and falls slowly: the expected latency of an endpoint that has just become slow. Not
/// thread-safe: its owner locks.
/// </summary>
internal struct PeakEwma
{
    private const double DecaySeconds = 10;

    /// <summary>What has decayed so far is as good as nothing: two endpoints are compared by the value.</summary>
    private const double Least = 0.001;

    private double value;
    private long at;

    /// <summary>Adds a sample in seconds.</summary>
    public void Add(long now, double seconds)
    {
        var kept = Kept(now);
        value = seconds >= value * kept ? seconds : value * kept + seconds * (1 - kept);
        at = now;
    }

    /// <summary>Adds a wait that was stopped: the real value would have been longer.</summary>
    public void AddIfSlower(long now, double seconds)
    {
        if (seconds > Seconds(now)) Add(now, seconds);
    }

    /// <summary>Seconds; 0: no recent sample. Falls with time, so that an endpoint that is not called for its slowness is called again.</summary>
    public readonly double Seconds(long now) => value * Kept(now) is >= Least and var seconds ? seconds : 0;

    private readonly double Kept(long now) => Math.Exp(-Math.Max(0, now - at) / (double)TimeSpan.TicksPerSecond / DecaySeconds);
}
