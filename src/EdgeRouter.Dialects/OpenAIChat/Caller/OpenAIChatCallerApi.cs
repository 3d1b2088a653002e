using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary><c>POST /chat/completions</c>: OpenAI's Chat Completions with OpenRouter's members. Stateless and thread-safe.</summary>
public sealed class OpenAIChatCallerApi : JsonCallerApi
{
    /// <summary>Deeper than any body may be, since the body is wrapped once more.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <inheritdoc/>
    public override string Name => "chat";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["chat/completions"];

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "max_tokens",
        RequestFact.OutputCount => "n",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => new OpenAIChatRequest(OpenAIChatRequestScanner.Scan(body));

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        new OpenAIChatStreamWriter(header).Fail(error, usage, output);

    /// <inheritdoc/>
    public override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        using var debug = JsonDocument.Parse((byte[])[.. "{\"echo_upstream_body\":"u8, .. body.Span, (byte)'}'], Deep);
        new OpenAIChatStreamWriter(header).Write(new ExtensionDelta(null, "debug", debug.RootElement), output);
    }
}
