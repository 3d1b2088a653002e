using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.OpenAIChat.Wire;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>OpenAI Chat Completions, as callers and as providers speak it. Stateless and thread-safe.</summary>
public sealed class OpenAIChatDialect : IPassThroughDialect
{
    /// <inheritdoc/>
    public string Name => DialectNames.OpenAIChat;

    /// <inheritdoc/>
    public string ApiType => "chat";

    /// <inheritdoc/>
    public RequestParameters Carries { get; } = Enum.GetValues<RequestParameters>().Aggregate((all, one) => all | one);

    /// <inheritdoc/>
    public string GetPath(string upstreamModel, bool stream) => "chat/completions";

    /// <inheritdoc/>
    public bool NeedsInlineData(ContentPart part) => false;

    /// <inheritdoc/>
    public RequestFacts Scan(ReadOnlyMemory<byte> body) => OpenAIChatRequestScanner.Scan(body);

    /// <inheritdoc/>
    public ChatRequest ReadRequest(ReadOnlyMemory<byte> body) => OpenAIChatRequestReader.Read(body);

    /// <inheritdoc/>
    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        OpenAIChatRequestWriter.Write(request, target, output, dropped);

    /// <inheritdoc/>
    public bool TrySpliceRequest(ReadOnlyMemory<byte> body, RequestFacts scan, WireTarget target, IBufferWriter<byte> output,
        ICollection<string> dropped) =>
        scan is OpenAIChatScan own && OpenAIChatRequestSplicer.TryWrite(body, own, target, output, dropped);

    /// <inheritdoc/>
    public void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        OpenAIChatResponseWriter.Write(response, header, usage, output);

    /// <inheritdoc/>
    public ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new OpenAIChatStreamWriter(header);

    /// <inheritdoc/>
    public void WriteError(RouterError error, IBufferWriter<byte> output) => OpenAIChatErrorWriter.Write(error, output);

    /// <inheritdoc/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => OpenAIChatResponseReader.Read(body.Span, provider);

    /// <inheritdoc/>
    public IWireStreamReader CreateStreamReader(Provider provider) => new OpenAIChatStreamReader(provider);

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);

    /// <inheritdoc/>
    public IStreamTranscoder CreateStreamPatcher(AnswerHeader header, Provider provider) => new OpenAIChatStreamPatcher(provider, header);

    /// <inheritdoc/>
    public IResponseTranscoder CreateResponsePatcher(AnswerHeader header, Provider provider) => new OpenAIChatResponsePatcher(provider, header);
}
