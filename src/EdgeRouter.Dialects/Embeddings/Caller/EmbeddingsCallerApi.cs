using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.RouterMembers;

namespace EdgeRouter.Dialects.Embeddings.Caller;

/// <summary><c>POST /embeddings</c>: OpenAI's embeddings with OpenRouter's members. Nothing is streamed. Stateless and thread-safe.</summary>
public sealed class EmbeddingsCallerApi : UnstreamedCallerApi
{
    /// <inheritdoc/>
    public override string Name => "embeddings";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Paths { get; } = ["embeddings"];

    /// <inheritdoc/>
    public override Operation Operation => Operation.Embeddings;

    /// <inheritdoc/>
    public override string FieldOf(RequestFault fault) => fault.Fact == RequestFact.OutputCount ? "input" : RouterRequestMembers.FieldOf(fault);

    /// <inheritdoc/>
    public override CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => EmbeddingsRequest.Read(body);

    /// <inheritdoc/>
    public override void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        OpenAIChatErrorWriter.Write(error, routerMetadata, output);
}
