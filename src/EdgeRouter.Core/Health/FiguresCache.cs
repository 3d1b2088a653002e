using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>The part of an endpoint's figures that is expensive to compute, kept for a quarter of a second. Not thread-safe: its owner locks.</summary>
internal struct FiguresCache
{
    /// <summary>Weight, in attempts, of the prior before this instance has results.</summary>
    private const double PseudoCounts = 20;

    /// <summary>Success rate of an endpoint without attempts.</summary>
    private const double PriorSuccess = 0.98;

    private const int MinForUptimeClass = 100;

    /// <summary>With fewer samples, a 95th percentile is only the slowest of them.</summary>
    private const int MinForTail = 20;

    private static readonly long Lifetime = TimeSpan.FromMilliseconds(250).Ticks;
    private long at;

    public HealthFigures Value { get; private set; }

    /// <summary>Attempts per second that this instance sends.</summary>
    public double Rate { get; private set; }

    public readonly bool IsStale(long now) => now - at >= Lifetime;

    public void Update(long now, EndpointWindows? windows, SharedCounts? shared, RecentAttempts recent)
    {
        at = now;
        Rate = recent.Rate(now);
        var own = windows is null ? [] : windows.Sums(HealthWindow.FiveMinutes, now);
        var others = shared is null ? [] : shared.Estimate(now);
        var (passed, failed) = recent.Outcomes(now, 30);
        var halfHour = WindowSummary.CountsOf(windows is null ? [] : windows.Sums(HealthWindow.ThirtyMinutes, now),
            shared is null ? [] : shared.Row(HealthWindow.ThirtyMinutes, now));
        Value = new HealthFigures
        {
            FirstTokenSeconds = Median(HealthCells.FirstTokenOf(own), HealthCells.FirstTokenOf(others), LogHistogram.MinSeconds),
            SlowFirstTokenSeconds = Slow(HealthCells.FirstTokenOf(own), HealthCells.FirstTokenOf(others)),
            Throughput = new Throughput(MedianOf(OutputUnit.Tokens, own, others), MedianOf(OutputUnit.Images, own, others),
                MedianOf(OutputUnit.Seconds, own, others), MedianOf(OutputUnit.Characters, own, others), MedianOf(OutputUnit.Bytes, own, others)),
            SuccessRate = Shrunk(HealthCells.Successes(own), HealthCells.Failures(own), HealthCells.Successes(others), HealthCells.Failures(others),
                PriorSuccess),
            RateLimitedShare = Shrunk(HealthCells.RateLimited(own), HealthCells.Successes(own) + HealthCells.Failures(own),
                HealthCells.RateLimited(others), HealthCells.Successes(others) + HealthCells.Failures(others), 0),
            RecentOutage = failed >= 3 && failed >= passed,
            Uptime = ClassOf(halfHour.Successes, halfHour.Failures),
            Quality = new QualityCounts(halfHour.Successes + halfHour.Failures,
                windows?.OfHours(now, HealthCells.ToolAnswers) ?? 0, windows?.OfHours(now, HealthCells.BadToolAnswers) ?? 0),
        };
    }

    private static double MedianOf(OutputUnit unit, ReadOnlySpan<int> own, ReadOnlySpan<int> others) =>
        Median(HealthCells.ThroughputOf(own, unit), HealthCells.ThroughputOf(others, unit), LogHistogram.MinPerSecond(unit));

    private static double Median(ReadOnlySpan<int> own, ReadOnlySpan<int> others, double least)
    {
        if (own.IsEmpty && others.IsEmpty) return double.NaN;
        var samples = HealthCells.Samples(others);
        return LogHistogram.Quantile(own, others, samples == 0 ? 0 : Math.Min(1, PseudoCounts / samples), 0.5, least);
    }

    private static double Slow(ReadOnlySpan<int> own, ReadOnlySpan<int> others) =>
        HealthCells.Samples(own) + HealthCells.Samples(others) < MinForTail
            ? double.NaN : LogHistogram.Quantile(own, others, 1, 0.95, LogHistogram.MinSeconds);

    /// <summary>Share of the first kind, shrunk to the others' share, and that to the prior.</summary>
    private static double Shrunk(int own, int ownRest, int others, int othersRest, double prior)
    {
        var believed = (others + PseudoCounts * prior) / (others + othersRest + PseudoCounts);
        return (own + PseudoCounts * believed) / (own + ownRest + PseudoCounts);
    }

    private static UptimeClass ClassOf(int successes, int failures)
    {
        var all = successes + failures;
        if (all < MinForUptimeClass || successes >= 0.95 * all) return UptimeClass.Normal;
        return successes >= 0.8 * all ? UptimeClass.Degraded : UptimeClass.Down;
    }
}
