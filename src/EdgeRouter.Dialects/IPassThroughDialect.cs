using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects;

/// <summary>
/// A dialect that both callers and providers speak, and that can therefore be passed through without materialising anything: the fast path.
/// Must give the same bytes as the canonical path.
/// </summary>
public interface IPassThroughDialect : ICallerApi, IProviderWire
{
    /// <summary>
    /// Writes the upstream body by splicing the caller's. False, with nothing written, when this request needs the canonical path.
    /// </summary>
    /// <param name="body">The caller's body.</param>
    /// <param name="scan">What <see cref="ICallerApi.Scan"/> returned for it.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="output">Receives the body.</param>
    /// <param name="dropped">Receives the names of parameters that could not be carried.</param>
    bool TrySpliceRequest(ReadOnlyMemory<byte> body, RequestFacts scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped);

    /// <summary>A patcher for one stream.</summary>
    IStreamTranscoder CreateStreamPatcher(AnswerHeader header, Provider provider);

    /// <summary>A patcher for one whole answer.</summary>
    IResponseTranscoder CreateResponsePatcher(AnswerHeader header, Provider provider);
}
