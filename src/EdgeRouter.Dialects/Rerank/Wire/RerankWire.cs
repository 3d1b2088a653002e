using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Rerank.Wire;

/// <summary>
/// Reranking below a base URL that serves nothing else in a format that the router speaks, as Cohere's <c>/v2</c>. Stateless and thread-safe.
/// </summary>
public sealed class RerankWire : IProviderWire
{
    /// <inheritdoc/>
    public string Name => WireNames.Rerank;

    /// <inheritdoc/>
    public RequestParameters Carries => RequestParameters.Unknown;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation == Operation.Rerank && !stream ? "rerank" : null;

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);
}
