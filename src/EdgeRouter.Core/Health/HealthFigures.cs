namespace EdgeRouter.Core.Health;

/// <summary>
/// The figures that routing decides by: an endpoint's last 5 minutes, as this instance measured them, shrunk towards the other instances' figures
/// when this one has few samples.
/// </summary>
public readonly record struct HealthFigures
{
    /// <summary>Median time to the first token in seconds; NaN: no sample.</summary>
    public double FirstTokenSeconds { get; init; }

    /// <summary>95th percentile of the times to the first token in seconds; NaN: all instances together have fewer than 20 samples.</summary>
    public double SlowFirstTokenSeconds { get; init; }

    /// <summary>Median output a second, by unit.</summary>
    public Throughput Throughput { get; init; }

    /// <summary>Chance that an attempt succeeds, rate limits aside; between 0 and 1.</summary>
    public double SuccessRate { get; init; }

    /// <summary>Chance that an attempt meets a rate limit.</summary>
    public double RateLimitedShare { get; init; }

    /// <summary>Rate at which this instance sends, divided by its learned cap; 0: no cap known; 1 and above: at the cap.</summary>
    public double CapPressure { get; init; }

    /// <summary>
    /// Recent peak of the time to the first token in seconds, times the attempts in flight plus one: two endpoints of equal cost are compared by it.
    /// 0: not known.
    /// </summary>
    public double Load { get; init; }

    /// <summary>Attempts in progress from this instance.</summary>
    public int InFlight { get; init; }

    /// <summary>True when at least 3 attempts and half of all failed within the last 30 seconds.</summary>
    public bool RecentOutage { get; init; }

    /// <summary>Uptime class over 30 minutes.</summary>
    public UptimeClass Uptime { get; init; }

    /// <summary>State of the endpoint's breaker.</summary>
    public BreakerState Breaker { get; init; }

    /// <summary>Until when the endpoint must not be called (breaker open, credential refused, or the provider asked to wait), in ticks; 0: it may be.</summary>
    public long BlockedUntil { get; init; }

    /// <summary>Throughput and tool calling, for the comparison with peers by exacto.</summary>
    internal QualityCounts Quality { get; init; }
}

/// <summary>How much of the time an endpoint worked.</summary>
public enum UptimeClass
{
    /// <summary>95 % and above, or fewer than 100 attempts.</summary>
    Normal,

    /// <summary>80 % to 95 %: tried after the normal ones.</summary>
    Degraded,

    /// <summary>Below 80 %: fallback only.</summary>
    Down,
}

/// <summary>Sample sizes and tool calling of an endpoint.</summary>
/// <param name="Requests">Attempts of the last 30 minutes that answered or failed.</param>
/// <param name="ToolAnswers">Answers of the last 2 to 4 hours that ended in tool calls.</param>
/// <param name="BadToolAnswers">Those of them with a bad call.</param>
internal readonly record struct QualityCounts(int Requests, int ToolAnswers, int BadToolAnswers);
