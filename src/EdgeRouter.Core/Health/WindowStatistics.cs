namespace EdgeRouter.Core.Health;

/// <summary>An endpoint's statistics over a window, all instances together; what the API publishes.</summary>
public readonly record struct WindowStatistics
{
    /// <summary>Attempts that answered.</summary>
    public int Successes { get; init; }

    /// <summary>Attempts that failed, without faults of callers and rate limits.</summary>
    public int Failures { get; init; }

    /// <summary>Attempts that met a rate limit.</summary>
    public int RateLimited { get; init; }

    /// <summary>Answers that ended in tool calls.</summary>
    public int ToolAnswers { get; init; }

    /// <summary>Those of them with a bad call.</summary>
    public int BadToolAnswers { get; init; }

    /// <summary>Seconds to the first token; null: no sample.</summary>
    public HealthPercentiles? FirstTokenSeconds { get; init; }

    /// <summary>Output a second, in the unit that was asked for. pX: X percent of the answers were at least that fast. Null: no sample.</summary>
    public HealthPercentiles? Throughput { get; init; }

    /// <summary>Share of attempts that succeeded, 0 to 1; null: none counted.</summary>
    public double? Uptime => Successes + Failures == 0 ? null : Successes / (double)(Successes + Failures);

    /// <summary>Share of tool-calling answers with a bad call, 0 to 1; null: none.</summary>
    public double? ToolCallErrorRate => ToolAnswers == 0 ? null : BadToolAnswers / (double)ToolAnswers;
}

/// <summary>Percentiles: pX is the value that X percent of the samples are at least as good as.</summary>
public readonly record struct HealthPercentiles(double P50, double P75, double P90, double P99);
