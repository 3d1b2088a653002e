using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Requests;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire;

/// <summary>
/// OpenAI's Responses API as providers speak it. Nothing is stored there (<c>store: false</c>): each request holds the whole conversation, and reasoning
/// comes and goes encrypted. Providers of this wire use its names, so parameter renames do not apply. No state; thread-safe.
/// </summary>
public sealed class OpenAIResponsesWire : IConversationWire
{
    /// <inheritdoc/>
    public string Name => WireNames.OpenAIResponses;

    /// <inheritdoc/>
    public RequestParameters Carries =>
        RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.Logprobs | RequestParameters.TopLogprobs
        | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ParallelToolCalls | RequestParameters.ResponseFormat
        | RequestParameters.StructuredOutputs | RequestParameters.Reasoning | RequestParameters.Verbosity | RequestParameters.PromptCacheKey
        | RequestParameters.PromptCacheOptions | RequestParameters.ServiceTier | RequestParameters.User;

    /// <inheritdoc/>
    public string? SignatureFormat => ReasoningFormats.OpenAIResponses;

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation.IsConversation ? "responses" : null;

    /// <summary>False: images and files travel by URL or inline, video not at all.</summary>
    public bool NeedsInlineData(ContentPart part) => false;

    /// <summary>
    /// Writes the body. What differs from a chat:
    /// <list type="bullet">
    /// <item>Each message, call, result and thought is an item, in their order. Only reasoning that a provider of this wire encrypted is sent back.</item>
    /// <item>Encrypted reasoning is asked for where the endpoint reasons.</item>
    /// <item>A tool whose strictness is not given is not strict; this API's own default is.</item>
    /// <item>Values that ask for nothing are left out without being named: nothing is lost.</item>
    /// </list>
    /// When this throws, <paramref name="output"/> is incomplete.
    /// </summary>
    /// <exception cref="Core.Errors.RouterException">400: a part cannot be expressed on this wire; the error names the field.</exception>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        new OpenAIResponsesRequestWriter(request, target, dropped).Write(output);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => OpenAIResponsesAnswerReader.Read(body);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new OpenAIResponsesStreamReader();

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);
}
