using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller;

/// <summary>
/// <c>POST /messages</c>: Anthropic's Messages API with OpenRouter's members. The query (<c>?beta=true</c>) changes nothing; Anthropic's version header
/// only how models are listed. Stateless and thread-safe.
/// </summary>
public sealed class MessagesCallerApi : ICallerApi
{
    /// <summary>Makes it.</summary>
    public MessagesCallerApi() => TokenCounting = new MessagesTokenCounting(this);

    /// <inheritdoc/>
    public string Name => "messages";

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; } = ["messages"];

    /// <inheritdoc/>
    public Operation Operation => Operation.Chat;

    /// <inheritdoc/>
    public string RequestMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string AnswerMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string StreamMediaType => SseWriter.MediaType;

    /// <inheritdoc/>
    public string ErrorMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public bool StreamsCarryErrors => true;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => MessagesEventLayout.Ping;

    /// <inheritdoc/>
    public IModelListing ModelListing { get; } = new MessagesModelListing();

    /// <inheritdoc/>
    public ITokenCounting TokenCounting { get; }

    /// <inheritdoc/>
    public bool Reads(string? contentType) => JsonMediaType.Matches(contentType);

    /// <inheritdoc/>
    public string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_tokens",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) =>
        new MessagesRequest(MessagesScanner.Scan(body)) { Headers = MessagesBetas.HeadersFor(head.Header(MessagesBetas.Header)) };

    /// <inheritdoc/>
    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        MessagesErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        MessagesEventLayout.WriteError(error, usage, output);

    /// <inheritdoc/>
    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        MessagesEventLayout.WriteUpstreamBody(body, output);
}
