using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller;

/// <summary><c>POST /responses</c>: OpenAI's Responses with OpenRouter's members. It keeps nothing between requests. Stateless and thread-safe.</summary>
public sealed class ResponsesCallerApi : ICallerApi
{
    /// <inheritdoc/>
    public string Name => "responses";

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; } = ["responses"];

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
    public ReadOnlySpan<byte> KeepAlive => SseWriter.Processing;

    /// <inheritdoc/>
    public bool Reads(string? contentType) => JsonMediaType.Matches(contentType);

    /// <inheritdoc/>
    public string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_output_tokens",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => new ResponsesRequest(ResponsesScanner.Scan(body));

    /// <inheritdoc/>
    /// <remarks>Before an answer has begun, OpenRouter's clients expect the same error of every API.</remarks>
    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        new ResponsesStreamWriter(header, ResponsesAsked.Nothing).Fail(error, usage, output);

    /// <inheritdoc/>
    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        new ResponsesEvents().WriteUpstreamBody(body, output);
}
