using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Gemini.Wire.Embeddings;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>
/// Google's <c>generateContent</c> wire (v1beta REST), and its embeddings. The base URL ends in <c>/v1beta</c>, or for Vertex AI in <c>/publishers/google</c>.
/// Stateless and thread-safe.
/// </summary>
public sealed class GeminiWire : IConversationWire, IEmbeddingsWire, ITokenCountWire
{
    /// <inheritdoc/>
    public string Name => WireNames.Gemini;

    /// <inheritdoc/>
    public RequestParameters Carries =>
        RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.TopK
        | RequestParameters.FrequencyPenalty | RequestParameters.PresencePenalty | RequestParameters.Seed | RequestParameters.Stop
        | RequestParameters.Logprobs | RequestParameters.TopLogprobs | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs
        | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.Reasoning | RequestParameters.ChoiceCount
        | RequestParameters.Modalities | RequestParameters.Audio | RequestParameters.ImageConfig | RequestParameters.ServiceTier;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream)
    {
        var method = operation.IsConversation ? stream ? "streamGenerateContent?alt=sse" : "generateContent"
            : operation == Operation.Embeddings && !stream ? "batchEmbedContents" : null;
        return method is null ? null : $"models/{Uri.EscapeDataString(upstreamModel)}:{method}";
    }

    /// <inheritdoc/>
    public string GetCountPath(string upstreamModel) => $"models/{Uri.EscapeDataString(upstreamModel)}:countTokens";

    /// <inheritdoc/>
    public void WriteCountRequest(ReadOnlyMemory<byte> request, string upstreamModel, IBufferWriter<byte> output) =>
        GeminiTokenCount.Write(request, upstreamModel, output);

    /// <inheritdoc/>
    public long? ReadCount(ReadOnlyMemory<byte> answer) => CountedTokens.Read(answer, "totalTokens");

    /// <inheritdoc/>
    public string? SignatureFormat => ReasoningFormats.Gemini;

    /// <inheritdoc/>
    public bool NeedsInlineData(ContentPart part) => part switch
    {
        ImagePart { IsGenerated: false } image => GeminiMediaUrls.MustBeFetched(image.Url),
        VideoPart video => GeminiMediaUrls.MustBeFetched(video.Url),
        FilePart { FileId: { } id } when GeminiMediaUrls.FromFileId(id) is not null => false,
        FilePart { Data: { } data } => GeminiMediaUrls.MustBeFetched(data),
        _ => false,
    };

    /// <inheritdoc/>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        GeminiRequestWriter.Write(request, target, output, dropped);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => GeminiResponseReader.Read(body);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new GeminiStreamReader();

    /// <inheritdoc/>
    public void WriteEmbeddings(EmbeddingInputs inputs, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        GeminiEmbeddingsWriter.Write(inputs, target, output, dropped);

    /// <inheritdoc/>
    public EmbeddingAnswer ReadEmbeddings(ReadOnlyMemory<byte> body) => GeminiEmbeddingsReader.Read(body);

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => GeminiErrorReader.Read(status, body);
}
