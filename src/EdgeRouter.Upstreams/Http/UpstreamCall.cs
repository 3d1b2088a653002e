using EdgeRouter.Dialects.Framing;

namespace EdgeRouter.Upstreams.Http;

/// <summary>What is sent to a provider.</summary>
/// <param name="Path">Path below the provider's base URL, without a leading slash; may have a query.</param>
/// <param name="Transport">Media types of the body and of the answer.</param>
/// <param name="Body">The body; must stay unchanged until the result is there.</param>
/// <param name="Stream">Whether the answer is to be streamed.</param>
public readonly record struct UpstreamCall(string Path, WireTransport Transport, ReadOnlyMemory<byte> Body, bool Stream)
{
    /// <summary>Headers that belong to the wire's format; null: none. The provider's row wins over them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>Called when it goes out; null: nothing is called.</summary>
    public ISendObserver? Observer { get; init; }

    /// <summary>The media type that is asked for.</summary>
    internal string Accept => Stream ? Transport.Framing.MediaType : Transport.AnswerMediaType;
}
