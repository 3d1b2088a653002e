namespace EdgeRouter.Core.Health;

/// <summary>
/// What routing decides by: an endpoint's figures of the last 5 minutes, as this instance saw them, shrunk to what the other instances saw where this
/// one has seen little.
/// </summary>
public readonly record struct HealthFigures
{
    /// <summary>Median time to the first token in seconds; NaN: nobody has seen one.</summary>
    public double FirstTokenSeconds { get; init; }

    /// <summary>95th percentile of the times to the first token in seconds; NaN: fewer than 20 have been seen by all instances together.</summary>
    public double SlowFirstTokenSeconds { get; init; }

    /// <summary>Median throughput in tokens per second; NaN: nobody has seen an answer.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Chance that an attempt succeeds, rate limits aside; between 0 and 1.</summary>
    public double SuccessRate { get; init; }

    /// <summary>Chance that an attempt meets a rate limit.</summary>
    public double RateLimitedShare { get; init; }

    /// <summary>Rate at which this instance sends, over the cap it has learned; 0: no cap known; 1 and above: at the cap.</summary>
    public double CapPressure { get; init; }

    /// <summary>
    /// Recent peak of the time to the first token in seconds, times what is in flight and one more: the load that two equal endpoints are compared
    /// by. 0: nothing known.
    /// </summary>
    public double Load { get; init; }

    /// <summary>Attempts under way from this instance.</summary>
    public int InFlight { get; init; }

    /// <summary>True when at least 3 attempts and half of all failed within the last 30 seconds.</summary>
    public bool RecentOutage { get; init; }

    /// <summary>Uptime class over 30 minutes.</summary>
    public UptimeClass Uptime { get; init; }

    /// <summary>State of the endpoint's breaker.</summary>
    public BreakerState Breaker { get; init; }

    /// <summary>Until when the endpoint must not be called (breaker open, credential refused, or the provider asked to wait), in ticks; 0: it may be.</summary>
    public long BlockedUntil { get; init; }

    /// <summary>Throughput and tool calling against peers; read by exacto.</summary>
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
