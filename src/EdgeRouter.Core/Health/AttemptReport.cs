using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>The result of an attempt, for the health of its endpoint. Everything but the result is optional.</summary>
/// <param name="Result">How it ended.</param>
public readonly record struct AttemptReport(AttemptResult Result)
{
    /// <summary>Time from sending to the end of the answer; null: not known or not answered.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Output of the answer, in the unit of its operation.</summary>
    public OutputAmount Output { get; init; }

    /// <summary>Whether the answer ended in tool calls, and whether they were well formed.</summary>
    public ToolCallQuality ToolCalls { get; init; }

    /// <summary>How long the provider asked to wait; null: not given.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The tool calls of one answer.</summary>
public enum ToolCallQuality
{
    /// <summary>The answer did not end in tool calls.</summary>
    None,

    /// <summary>Every call names an offered tool and its arguments are valid JSON.</summary>
    Good,

    /// <summary>At least one call names a tool that was not offered, or its arguments are not valid JSON.</summary>
    Bad,
}

/// <summary>
/// An attempt in progress, from <see cref="EndpointHealth.AttemptStarted"/> until <see cref="EndpointHealth.AttemptEnded"/>. Belongs to the attempt;
/// copied, it would count twice.
/// </summary>
public struct AttemptTicket
{
    /// <summary>False: the endpoint must not be called now; nothing was counted and the ticket needs no end.</summary>
    public bool Admitted { get; internal set; }

    /// <summary>Whether the first token was reported.</summary>
    internal bool FirstTokenSeen { get; set; }

    /// <summary>Whether it waits for the first token of a stream, not for a whole answer.</summary>
    internal bool IsStreamed { get; set; }

    /// <summary>Whether its request may take long by itself.</summary>
    internal bool MayTakeLong { get; set; }

    /// <summary>When it started, in ticks of the health clock.</summary>
    internal long StartedAt { get; set; }

    /// <summary>State of the endpoint's breaker at the start.</summary>
    internal int StateNumber { get; set; }

    /// <summary>State of the credential's breaker at the start.</summary>
    internal int CredentialStateNumber { get; set; }
}
