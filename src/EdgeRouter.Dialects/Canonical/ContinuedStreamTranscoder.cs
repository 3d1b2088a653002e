using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// Transcodes the rest of an answer that another provider began. The caller sees one stream: the choice does not start again, and text that the caller
/// has is not repeated. Parts are numbered from 0 again; the first text continues the caller's. Not thread-safe.
/// </summary>
/// <param name="reader">Reads the provider's events.</param>
/// <param name="writer">Writes the caller's.</param>
/// <param name="seam">Where the two parts meet.</param>
public sealed class ContinuedStreamTranscoder(IWireStreamReader reader, ICallerStreamWriter writer, TextSeam seam) : IStreamTranscoder
{
    private readonly List<StreamEvent> events = [];
    private int openText = TextDelta.NoPart;

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        events.Clear();
        reader.Read(eventName, data, events);
        foreach (var streamEvent in events)
        {
            switch (streamEvent)
            {
                case ChoiceStarted:
                    break;
                case TextDelta text:
                    openText = text.Part;
                    WriteText(text.Choice, seam.Take(text.Text), output, progress);
                    break;
                case PartEnded ended when ended.Part == openText:
                    // What the seam holds back belongs to this text.
                    WriteText(ended.Choice, seam.End(), output, progress);
                    openText = TextDelta.NoPart;
                    Pass(ended, output, progress);
                    break;
                default:
                    Pass(streamEvent, output, progress);
                    break;
            }
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
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => writer.Complete(usage, output);

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

    private void WriteText(int choice, string text, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (text.Length > 0) Pass(new TextDelta(choice, openText, text), output, progress);
    }

    private void Pass(StreamEvent streamEvent, IBufferWriter<byte> output, StreamProgress progress)
    {
        progress.Observe(streamEvent);
        writer.Write(streamEvent, output);
    }
}
