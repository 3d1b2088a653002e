using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.Rerank.Caller;

/// <summary><c>POST /rerank</c>: OpenRouter's reranking. Nothing is streamed. Stateless and thread-safe.</summary>
public sealed class RerankCallerApi : ICallerApi
{
    private const string NoStreams = "Rerankings are not streamed.";

    /// <inheritdoc/>
    public string Name => "rerank";

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths { get; } = ["rerank"];

    /// <inheritdoc/>
    public Operation Operation => Operation.Rerank;

    /// <inheritdoc/>
    public string RequestMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string AnswerMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string StreamMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string ErrorMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public bool StreamsCarryErrors => false;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> KeepAlive => [];

    /// <inheritdoc/>
    public bool Reads(string? contentType) => JsonMediaType.Matches(contentType);

    /// <inheritdoc/>
    public string FieldOf(RequestFault fault) => fault.Fact == RequestFact.OutputCount ? "documents" : RouterRequestMembers.FieldOf(fault);

    /// <inheritdoc/>
    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => RerankRequest.Read(body);

    /// <inheritdoc/>
    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);

    /// <inheritdoc/>
    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        throw new NotSupportedException(NoStreams);

    /// <inheritdoc/>
    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) => throw new NotSupportedException(NoStreams);
}
