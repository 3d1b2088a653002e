using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller;

/// <summary><c>POST /responses</c>: OpenAI's Responses with OpenRouter's members. It keeps nothing between requests. Stateless and thread-safe.</summary>
public sealed class ResponsesCallerApi : JsonCallerApi
{
    /// <inheritdoc/>
    public override string Name => "responses";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["responses"];

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_output_tokens",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => new ResponsesRequest(ResponsesScanner.Scan(body));

    /// <inheritdoc/>
    /// <remarks>Before an answer has begun, OpenRouter's clients expect the same error of every API.</remarks>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        new ResponsesStreamWriter(header, ResponsesAsked.Nothing).Fail(error, usage, output);

    /// <inheritdoc/>
    public override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        new ResponsesEvents().WriteUpstreamBody(body, output);
}
