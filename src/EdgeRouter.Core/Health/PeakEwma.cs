namespace EdgeRouter.Core.Health;

/// <summary>
/// A moving average that rises at once with a slow sample and falls slowly: the expected latency of an endpoint that has just become slow. Not
/// thread-safe: its owner locks.
/// </summary>
internal struct PeakEwma
{
    private const double DecaySeconds = 10;
    private double value;
    private long at;

    /// <summary>Adds a sample in seconds.</summary>
    public void Add(long now, double seconds)
    {
        var kept = Math.Exp(-Math.Max(0, now - at) / (double)TimeSpan.TicksPerSecond / DecaySeconds);
        value = seconds >= value ? seconds : value * kept + seconds * (1 - kept);
        at = now;
    }

    /// <summary>Adds a wait that was stopped: the real value would have been longer.</summary>
    public void AddIfSlower(long now, double seconds)
    {
        if (seconds > value) Add(now, seconds);
    }

    /// <summary>Seconds; 0: no sample yet.</summary>
    public readonly double Seconds => value;
}
