using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller;

/// <summary>
/// <c>POST /messages</c>: Anthropic's Messages API with OpenRouter's members. The query (<c>?beta=true</c>) changes nothing; Anthropic's version header
/// only how models are listed. Stateless and thread-safe.
/// </summary>
public sealed class MessagesCallerApi : JsonCallerApi
{
    /// <summary>Makes it.</summary>
    public MessagesCallerApi() => TokenCounting = new MessagesTokenCounting(this);

    /// <inheritdoc/>
    public override string Name => "messages";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["messages"];

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> KeepAlive => MessagesEventLayout.Ping;

    /// <inheritdoc/>
    public override IModelListing ModelListing { get; } = new MessagesModelListing();

    /// <inheritdoc/>
    public override ITokenCounting TokenCounting { get; }

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_tokens",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) =>
        new MessagesRequest(MessagesScanner.Scan(body)) { Headers = MessagesBetas.HeadersFor(head.Header(MessagesBetas.Header)) };

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        MessagesErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        MessagesEventLayout.WriteError(error, usage, output);

    /// <inheritdoc/>
    public override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        MessagesEventLayout.WriteUpstreamBody(body, output);
}
