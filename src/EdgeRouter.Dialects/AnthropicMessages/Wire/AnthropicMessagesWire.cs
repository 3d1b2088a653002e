using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>
/// Anthropic's Messages API (version 2023-06-01) as providers speak it. The base URL ends in <c>/v1</c>; the version and beta headers come from the
/// provider table.
/// Providers of this wire use its names, so parameter renames do not apply. <see cref="WriteRequest"/> says how a conversation is rearranged.
/// No state; thread-safe.
/// </summary>
public sealed class AnthropicMessagesWire : IConversationWire, ITokenCountWire
{
    /// <inheritdoc/>
    public string Name => WireNames.AnthropicMessages;

    /// <summary>
    /// Parameters that the wire has a place for. <see cref="RequestParameters.ResponseFormat"/> is among them for its json_schema form; the other
    /// forms are dropped by <see cref="WriteRequest"/>, which names them.
    /// </summary>
    public RequestParameters Carries =>
        RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.TopK | RequestParameters.Stop
        | RequestParameters.Tools | RequestParameters.ToolChoice | RequestParameters.ParallelToolCalls
        | RequestParameters.ResponseFormat | RequestParameters.StructuredOutputs | RequestParameters.Reasoning | RequestParameters.Verbosity
        | RequestParameters.CacheControl | RequestParameters.ServiceTier | RequestParameters.User;

    /// <inheritdoc/>
    public string? SignatureFormat => ReasoningFormats.Anthropic;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation.IsConversation ? "messages" : null;

    /// <inheritdoc/>
    public string GetCountPath(string upstreamModel) => "messages/count_tokens";

    /// <inheritdoc/>
    public void WriteCountRequest(ReadOnlyMemory<byte> request, string upstreamModel, IBufferWriter<byte> output) => AnthropicTokenCount.Write(request, output);

    /// <inheritdoc/>
    public long? ReadCount(ReadOnlyMemory<byte> answer) => CountedTokens.Read(answer, "input_tokens");

    /// <summary>False: images and files travel by URL or inline, audio and video not at all.</summary>
    public bool NeedsInlineData(ContentPart part) => false;

    /// <summary>
    /// Writes the body. What differs from OpenAI's format:
    /// <list type="bullet">
    /// <item>System and developer turns, at any position, join <c>system</c> in order: the wire has no instructions in the middle of a conversation.</item>
    /// <item>Adjacent turns of one role become one message; tool results are user content and come first in it.</item>
    /// <item>Blank texts are left out and trailing whitespace of a final assistant turn (prefill) is stripped: the API refuses both.</item>
    /// <item>Only Anthropic's own reasoning blocks are sent back, at their place in the turn. A participant's name comes before the text:
    /// <c>name: text</c>.</item>
    /// <item><c>max_tokens</c> is always sent: the request's, else the endpoint's limit, else 4096.</item>
    /// <item>Thinking excludes temperature, top_k and forced tools; a prefill excludes thinking. What is excluded is dropped and named.</item>
    /// <item>Values that ask for nothing (a penalty of 0, <c>n</c> 1, <c>top_k</c> 0) are left out without being named: nothing is lost.</item>
    /// </list>
    /// When this throws, <paramref name="output"/> is incomplete.
    /// </summary>
    /// <exception cref="Core.Errors.RouterException">400: a part, tool or tool call cannot be expressed on this wire; the error names the field.</exception>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        AnthropicRequestWriter.Write(new AnthropicRequestScope(request, target, dropped), output);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => AnthropicResponseReader.Read(body);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new AnthropicStreamReader();

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => AnthropicErrorReader.Read(status, body);
}
