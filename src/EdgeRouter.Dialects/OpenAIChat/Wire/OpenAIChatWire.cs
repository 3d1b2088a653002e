using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>OpenAI Chat Completions as providers speak it, and what servers have beside it: embeddings, reranking. Stateless and thread-safe.</summary>
public sealed class OpenAIChatWire : IConversationWire
{
    /// <inheritdoc/>
    public string Name => WireNames.OpenAIChat;

    /// <inheritdoc/>
    public RequestParameters Carries { get; } = Enum.GetValues<RequestParameters>().Aggregate((all, one) => all | one);

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation.IsConversation ? "chat/completions"
        : stream ? null : operation == Operation.Embeddings ? "embeddings" : operation == Operation.Rerank ? "rerank" : null;

    /// <inheritdoc/>
    public bool NeedsInlineData(ContentPart part) => false;

    /// <inheritdoc/>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        OpenAIChatRequestWriter.Write(request, target, output, dropped);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => OpenAIChatResponseReader.Read(body.Span, provider);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new OpenAIChatStreamReader(provider);

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);
}
