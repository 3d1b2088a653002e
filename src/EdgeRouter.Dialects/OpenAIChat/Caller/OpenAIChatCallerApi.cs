using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary><c>POST /chat/completions</c>: OpenAI's Chat Completions with OpenRouter's members. Stateless and thread-safe.</summary>
public sealed class OpenAIChatCallerApi : ICallerApi
{
    /// <summary>Deeper than any body may be, since the body is wrapped once more.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <inheritdoc/>
    public string Name => "chat";

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; } = ["chat/completions"];

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
        RequestFact.OutputLimit => "max_tokens",
        RequestFact.OutputCount => "n",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => new OpenAIChatRequest(OpenAIChatRequestScanner.Scan(body));

    /// <inheritdoc/>
    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        new OpenAIChatStreamWriter(header).Fail(error, usage, output);

    /// <inheritdoc/>
    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        using var debug = JsonDocument.Parse((byte[])[.. "{\"echo_upstream_body\":"u8, .. body.Span, (byte)'}'], Deep);
        new OpenAIChatStreamWriter(header).Write(new ExtensionDelta(null, "debug", debug.RootElement), output);
    }
}
