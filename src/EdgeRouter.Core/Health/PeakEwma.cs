namespace EdgeRouter.Core.Health;

/// <summary>
/// A moving average that jumps up at once on a slow sample and comes down slowly: the latency to expect from an endpoint that has just become slow.
/// Not thread-safe: its owner locks.
/// </summary>
internal struct PeakEwma
{
    private const double DecaySeconds = 10;
    private double value;
    private long at;

    /// <summary>Takes a sample in seconds.</summary>
    public void Add(long now, double seconds)
    {
        var kept = Math.Exp(-Math.Max(0, now - at) / (double)TimeSpan.TicksPerSecond / DecaySeconds);
        value = seconds >= value ? seconds : value * kept + seconds * (1 - kept);
        at = now;
    }

    /// <summary>Takes a wait that was given up: all it says is that the sample would have been longer.</summary>
    public void AddIfSlower(long now, double seconds)
    {
        if (seconds > value) Add(now, seconds);
    }

    /// <summary>Seconds; 0: no sample yet.</summary>
    public readonly double Seconds => value;
}
