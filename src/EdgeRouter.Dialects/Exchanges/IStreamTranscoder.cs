using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Exchanges;

/// <summary>
/// Turns the events of one provider's stream into the caller's bytes. Two kinds: the canonical one (reader, canonical events, writer) for any pair of
/// formats, and the patcher of equal formats, which gives the same bytes. Not thread-safe.
/// </summary>
public interface IStreamTranscoder
{
    /// <summary>Transcodes one event of the provider; writes whole caller events and updates the progress.</summary>
    /// <exception cref="UpstreamFormatException">The event is malformed.</exception>
    void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress);

    /// <summary>Ends a good stream.</summary>
    void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream.</summary>
    void Fail(Core.Errors.RouterError error, UsageReport usage, IBufferWriter<byte> output);
}

/// <summary>Turns one whole answer of a provider into the caller's bytes: first read (so that it can be priced), then written.</summary>
public interface IResponseTranscoder
{
    /// <summary>Reads the answer and updates the progress. The body must not change until <see cref="Write"/> is done.</summary>
    /// <exception cref="UpstreamFormatException">It is not an answer.</exception>
    void Read(ReadOnlyMemory<byte> body, StreamProgress progress);

    /// <summary>Writes what was read, for the caller.</summary>
    void Write(UsageReport usage, IBufferWriter<byte> output);
}
