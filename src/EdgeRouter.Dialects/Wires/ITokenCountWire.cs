using System.Buffers;

namespace EdgeRouter.Dialects.Wires;

/// <summary>A wire whose providers count the tokens of a request when they are asked to.</summary>
public interface ITokenCountWire : IProviderWire
{
    /// <summary>Path of the counting route below the provider's base URL, without a leading slash.</summary>
    string GetCountPath(string upstreamModel);

    /// <summary>Makes the body of the question from the body of the request.</summary>
    /// <param name="request">The request as it would be sent to the provider.</param>
    /// <param name="upstreamModel">The provider's name of the model.</param>
    /// <param name="output">Receives the body.</param>
    void WriteCountRequest(ReadOnlyMemory<byte> request, string upstreamModel, IBufferWriter<byte> output);

    /// <summary>The tokens that the answer tells; null: it does not tell them. Never throws.</summary>
    long? ReadCount(ReadOnlyMemory<byte> answer);
}
