using System.Buffers;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Wires;

/// <summary>
/// A wire that carries embeddings in a format of its own. One that has a path for them and is none of these takes and gives what OpenAI's API does.
/// </summary>
public interface IEmbeddingsWire : IProviderWire
{
    /// <summary>Writes the body. What could not be carried is added to <paramref name="dropped"/>, by the names that the caller wrote.</summary>
    /// <exception cref="Core.Errors.RouterException">The request cannot be expressed in this wire format; the error names the member.</exception>
    void WriteEmbeddings(EmbeddingInputs inputs, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped);

    /// <summary>Reads an answer. Its vectors are views of the body.</summary>
    /// <exception cref="UpstreamFormatException">It is not an answer of this wire format.</exception>
    EmbeddingAnswer ReadEmbeddings(ReadOnlyMemory<byte> body);
}
