using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Exchanges;

/// <summary>
/// One request between a caller API and a provider's wire: what is sent, and how the answer becomes the caller's. There are two kinds: canonical
/// (through the content model, for any pair) and pass-through (the same format on both sides: the body is spliced, the answer patched in place). Both
/// give the same bytes. Used for one attempt; not thread-safe.
/// </summary>
public interface IExchange
{
    /// <summary>Path below the provider's base URL, without a leading slash, query included where the wire needs one.</summary>
    string Path { get; }

    /// <summary>Media types of the request and of its answer, and how a streamed answer is framed.</summary>
    WireTransport Transport { get; }

    /// <summary>
    /// Headers of the request that belong to the wire's format, each once. Nothing in them is a caller's own text. The provider's row wins over them.
    /// </summary>
    IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>Writes the provider's request body.</summary>
    /// <param name="output">Receives the body.</param>
    /// <param name="dropped">Receives the names of parameters that could not be carried.</param>
    /// <param name="media">Fetches what the wire can carry only inline.</param>
    /// <param name="cancellationToken">Ends the fetches.</param>
    /// <exception cref="Core.Errors.RouterException">400: the request cannot be expressed in this wire format, or its media cannot be fetched.</exception>
    ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken);

    /// <summary>A transcoder for the streamed answer.</summary>
    /// <param name="header">The head of the answer.</param>
    /// <param name="contentType">Content-Type of the provider's answer; null: not given.</param>
    IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType);

    /// <summary>A transcoder for the whole answer.</summary>
    /// <param name="header">The head of the answer.</param>
    /// <param name="contentType">Content-Type of the provider's answer; null: not given.</param>
    IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType);
}
