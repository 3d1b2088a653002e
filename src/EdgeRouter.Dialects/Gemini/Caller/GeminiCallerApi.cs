using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;
using EdgeRouter.Dialects.Gemini.Caller.Streaming;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.Gemini.Caller;

/// <summary>
/// <c>POST /v1beta/models/{model}:generateContent</c> and <c>:streamGenerateContent</c>: Google's Gemini API with OpenRouter's members. It has two forms, which
/// differ in how a stream is written: server-sent events (<c>alt=sse</c>), or one JSON array. Stateless and thread-safe.
/// </summary>
public sealed class GeminiCallerApi : JsonCallerApi
{
    private static readonly GeminiCallerApi WithArray = new(isArray: true);

    private readonly bool isArray;

    /// <summary>The form with server-sent events.</summary>
    public GeminiCallerApi() : this(isArray: false)
    {
    }

    private GeminiCallerApi(bool isArray) => this.isArray = isArray;

    /// <inheritdoc/>
    public override string Name => "gemini";

    /// <inheritdoc/>
    /// <remarks>
    /// Below the base URLs that clients are given here: the address alone, and those that OpenRouter's and OpenAI's clients use. There, other routes are below
    /// <c>models</c> too, and a pattern of any length would hide which methods they allow.
    /// </remarks>
    public override IReadOnlyList<string> Paths { get; } =
    [
        .. from version in (string[])["v1beta", "v1alpha"] from root in (string[])["", "/api"] select $"{root}/{version}/models/{GeminiCall.Path}",
        $"models/{GeminiCall.Short}",
        $"models/{GeminiCall.Long}",
        $"v1beta/models/{GeminiCall.Path}",
    ];

    /// <inheritdoc/>
    public override string KeyParameter => "key";

    /// <inheritdoc/>
    public override string StreamMediaType => isArray ? JsonMediaType.Name : SseWriter.MediaType;

    /// <inheritdoc/>
    /// <remarks>Google's clients take a comment for an event, but skip empty lines. Between the values of an array they are white space.</remarks>
    public override ReadOnlySpan<byte> KeepAlive => "\n\n"u8;

    /// <inheritdoc/>
    public override ICallerApi FormFor(IRequestHead head) => GeminiCall.Of(head).IsArray ? WithArray : this;

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact switch
    {
        RequestFact.OutputLimit => "generationConfig.maxOutputTokens",
        RequestFact.OutputCount => "generationConfig.candidateCount",
        _ => RouterRequestMembers.FieldOf(fault),
    };

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body)
    {
        var call = GeminiCall.Of(head);
        call.Check(head);
        return new GeminiRequest(GeminiScanner.Scan(call, body), call.IsArray);
    }

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        GeminiErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        var frames = new GeminiFrames(isArray);
        GeminiChunkLayout.WriteError(error, usage, ref frames, output);
    }

    /// <inheritdoc/>
    public override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        // An array has no place for what is no answer.
        if (!isArray) GeminiChunkLayout.WriteUpstreamBody(body, output);
    }
}
