using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Embeddings.Caller.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller;

/// <summary>The exchange with a wire that has a format of its own for embeddings, through the content model.</summary>
internal sealed class EmbeddingsExchange(EmbeddingsRequest request, IEmbeddingsWire wire, WireTarget target) : IExchange
{
    public string Path => target.PathOf(wire);

    public WireTransport Transport => wire.Transport;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media,
        CancellationToken cancellationToken)
    {
        var inputs = request.ReadInputs();
        if (wire is IConversationWire conversations)
        {
            var (inlined, unfetchable) = await media.InlineAsync(inputs.Inputs, conversations, target.Endpoint.Provider, target.Fields, cancellationToken)
                .ConfigureAwait(false);
            inputs = inputs with { Inputs = inlined ?? throw new RouterException(unfetchable!) };
        }
        wire.WriteEmbeddings(inputs, target, output, dropped);
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        throw new NotSupportedException("Embeddings are not streamed.");

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) =>
        new EmbeddingsTranscoder(request, header, wire.ReadEmbeddings);
}
