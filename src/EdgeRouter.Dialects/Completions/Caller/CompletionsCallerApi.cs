using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Completions.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary>
/// <c>POST /completions</c>: OpenAI's legacy text completions with OpenRouter's members. A prompt is a chat request of one user message, so that every
/// provider of conversations serves it. What only a completion can express needs a provider that speaks the same format. Stateless and thread-safe.
/// </summary>
public sealed class CompletionsCallerApi : JsonCallerApi
{
    /// <inheritdoc/>
    public override string Name => "completion";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["completions"];

    /// <inheritdoc/>
    public override Operation Operation => Operation.Completion;

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_tokens",
        RequestFact.OutputCount => "n",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => CompletionRequest.Read(body);

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        new CompletionChunkLayout(header).WriteFailure(error, usage, output);

    /// <inheritdoc/>
    public override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        new CompletionChunkLayout(header).WriteUpstreamBody(body.Span, output);
}
