using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.Rerank.Caller;

/// <summary><c>POST /rerank</c>: OpenRouter's reranking. Nothing is streamed. Stateless and thread-safe.</summary>
public sealed class RerankCallerApi : UnstreamedCallerApi
{
    /// <inheritdoc/>
    public override string Name => "rerank";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["rerank"];

    /// <inheritdoc/>
    public override Operation Operation => Operation.Rerank;

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact == RequestFact.OutputCount ? "documents" : RouterRequestMembers.FieldOf(fault);

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => RerankRequest.Read(body);

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);
}
