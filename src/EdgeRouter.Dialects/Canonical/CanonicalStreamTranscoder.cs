using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// Transcodes a stream from any wire for conversations for any caller API, through canonical events. An event that the reader refuses writes nothing. Not
/// thread-safe.
/// </summary>
/// <param name="reader">Reads the provider's events.</param>
/// <param name="writer">Writes the caller's.</param>
/// <param name="signed">Remembers what the provider signs; null: it is not remembered.</param>
internal sealed class CanonicalStreamTranscoder(IWireStreamReader reader, ICallerStreamWriter writer, SignedStream? signed = null) : IStreamTranscoder
{
    private readonly List<StreamEvent> events = [];

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        events.Clear();
        reader.Read(eventName, data, events);
        foreach (var streamEvent in events)
        {
            progress.Observe(streamEvent);
            signed?.Observe(streamEvent);
            writer.Write(streamEvent, output);
        }
    }

    /// <inheritdoc/>
    public TokenUsage? ReadLateUsage(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data)
    {
        events.Clear();
        reader.Read(eventName, data, events);
        return events.OfType<UsageReported>().LastOrDefault()?.Usage;
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output)
    {
        // Before the caller can send the next request.
        signed?.Complete();
        writer.Complete(usage, output);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);
}
