using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Exchanges;

/// <summary>
/// Turns the frames of one provider's stream into the caller's bytes. Two kinds: the canonical one (reader, canonical events, writer) for any pair of
/// formats, and the patcher of equal formats, which gives the same bytes. Not thread-safe.
/// </summary>
public interface IStreamTranscoder
{
    /// <summary>Media type of what it writes; null: that of the caller API's streams.</summary>
    string? MediaType => null;

    /// <summary>Transcodes one frame of the provider; writes whole caller events and updates the progress.</summary>
    /// <param name="eventName">The frame's <see cref="Framing.StreamFrame.Name"/>.</param>
    /// <param name="data">The frame's <see cref="Framing.StreamFrame.Data"/>.</param>
    /// <param name="output">Receives the caller's bytes.</param>
    /// <param name="progress">Is updated.</param>
    /// <exception cref="UpstreamFormatException">The frame is malformed.</exception>
    void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress);

    /// <summary>
    /// Reads a frame that follows the provider's end of the stream, for its usage alone: nothing else of it reaches the caller, now or with
    /// <see cref="Complete"/>. Null: it reports none.
    /// </summary>
    /// <param name="eventName">The frame's <see cref="Framing.StreamFrame.Name"/>.</param>
    /// <param name="data">The frame's <see cref="Framing.StreamFrame.Data"/>.</param>
    /// <exception cref="UpstreamFormatException">The frame is malformed.</exception>
    TokenUsage? ReadLateUsage(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data) => null;

    /// <summary>Ends a good stream.</summary>
    void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream. Not called where <see cref="Callers.ICallerApi.StreamsCarryErrors"/> is false.</summary>
    void Fail(Core.Errors.RouterError error, UsageReport usage, IBufferWriter<byte> output);
}

/// <summary>Turns one whole answer of a provider into the caller's bytes: first read (so that it can be priced), then written.</summary>
public interface IResponseTranscoder
{
    /// <summary>Media type of what it writes; null: that of the caller API's answers.</summary>
    string? MediaType => null;

    /// <summary>Reads the answer and updates the progress. The body must not change until <see cref="Write"/> is done.</summary>
    /// <exception cref="UpstreamFormatException">It is not an answer.</exception>
    void Read(ReadOnlyMemory<byte> body, StreamProgress progress);

    /// <summary>Writes what was read, for the caller.</summary>
    void Write(UsageReport usage, IBufferWriter<byte> output);
}
