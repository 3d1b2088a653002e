using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Attempts;

namespace EdgeRouter.Gateway.Requests;

/// <summary>The delivery of an answer to the caller.</summary>
/// <param name="first">The attempt that brought it.</param>
/// <param name="firstTokenTimestamp">Timestamp of the first token (or of the whole answer).</param>
/// <param name="upstreamWait">Time spent waiting for providers before the first token; the rest of the latency is the router's own.</param>
public sealed class Delivery(Attempt first, long firstTokenTimestamp, TimeSpan upstreamWait)
{
    /// <summary>The attempt that serves. It has an answer.</summary>
    public Attempt Served { get; private set; } = first;

    /// <summary>Timestamp of the first token (or of the whole answer).</summary>
    public long FirstTokenTimestamp { get; } = firstTokenTimestamp;

    /// <summary>Time spent waiting for providers before the first token.</summary>
    public TimeSpan UpstreamWait { get; } = upstreamWait;

    /// <summary>Usage and cost that the caller receives; null: not priced yet. Published by Metering.</summary>
    public PricedAnswer? Priced { get; set; }

    /// <summary>The error that ended a stream after bytes had been sent; null: none.</summary>
    public RouterError? StreamError { get; set; }

    /// <summary>Another attempt continues the answer.</summary>
    public void Continue(Attempt next) => Served = next;
}
