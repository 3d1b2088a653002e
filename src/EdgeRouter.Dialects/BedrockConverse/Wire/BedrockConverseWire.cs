using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.BedrockConverse.Wire.Answers;
using EdgeRouter.Dialects.BedrockConverse.Wire.Framing;
using EdgeRouter.Dialects.BedrockConverse.Wire.Requests;
using EdgeRouter.Dialects.BedrockConverse.Wire.Streaming;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire;

/// <summary>
/// Amazon Bedrock's <c>Converse</c> and <c>ConverseStream</c>. The base URL is that of the region's runtime; the model, which may be an ARN, is in the path.
/// Stateless and thread-safe.
/// </summary>
public sealed class BedrockConverseWire : IConversationWire
{
    /// <inheritdoc/>
    public string Name => WireNames.BedrockConverse;

    /// <summary>
    /// Parameters that the wire has a place for. <see cref="RequestParameters.TopK"/> and <see cref="RequestParameters.Reasoning"/> are members of the
    /// model's own: for models whose members are not known they are dropped.
    /// </summary>
    public RequestParameters Carries =>
        RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.TopK | RequestParameters.Stop
        | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs
        | RequestParameters.Reasoning | RequestParameters.CacheControl | RequestParameters.ServiceTier;

    /// <inheritdoc/>
    public string? SignatureFormat => ReasoningFormats.Anthropic;

    /// <inheritdoc/>
    public string ErrorTypeHeader => "x-amzn-ErrorType";

    /// <inheritdoc/>
    public WireTransport Transport => EventStreamFraming.Json;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation.IsConversation
        ? $"model/{Uri.EscapeDataString(upstreamModel)}/{(stream ? "converse-stream" : "converse")}" : null;

    /// <summary>True for every URL: the wire takes media only as bytes.</summary>
    public bool NeedsInlineData(ContentPart part) => part switch
    {
        ImagePart { IsGenerated: false } image => IsHttp(image.Url),
        FilePart { Data: { } data } => IsHttp(data),
        _ => false,
    };

    /// <inheritdoc/>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        ConverseRequestWriter.Write(request, target, output, dropped);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => ConverseResponseReader.Read(body);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new ConverseStreamReader();

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => ConverseErrorReader.Read(status, body);

    private static bool IsHttp(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
