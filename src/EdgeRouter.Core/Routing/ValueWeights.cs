namespace EdgeRouter.Core.Routing;

/// <summary>Cost of waiting and failing in USD, for the <c>value</c> ordering. Immutable.</summary>
public sealed record ValueWeights
{
    /// <summary>The defaults.</summary>
    public static readonly ValueWeights Default = new();

    /// <summary>A second until the first token. Default $0.001: an hour of waiting is $3.60.</summary>
    public double FirstTokenSecond { get; init; } = 0.001;

    /// <summary>A second of generating the answer. Default $0.0002, because the caller can already read.</summary>
    public double GenerationSecond { get; init; } = 0.0002;

    /// <summary>A failed attempt, in addition to the time it took. Default $0.002.</summary>
    public double Failure { get; init; } = 0.002;

    /// <summary>An attempt that meets a rate limit. Default $0.0005: it fails fast, but takes capacity from others.</summary>
    public double RateLimit { get; init; } = 0.0005;

    /// <summary>Share of requests that try an endpoint other than the best, so that a recovery is noticed. Default 0.02.</summary>
    public double Exploration { get; init; } = 0.02;

    /// <summary>How fast the chance falls with the score: an endpoint worse by this share of the best is chosen 1/e times as often. Default 0.05.</summary>
    public double FallOff { get; init; } = 0.05;
}
