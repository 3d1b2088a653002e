using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.BedrockConverse.Wire.Answers;
using EdgeRouter.Dialects.BedrockConverse.Wire.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Streaming;

/// <summary>
/// Reads one stream: messageStart, blocks, messageStop, and metadata with the usage, behind which the answer is complete. A connection that ends in order
/// after messageStop makes it complete too. Nothing is read after the end.
/// </summary>
internal sealed class ConverseStreamReader : IWireStreamReader
{
    private readonly ConverseOpenBlocks blocks = new();
    private bool started;
    private bool finished;
    private bool ended;

    public void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        if (ended) return;
        try
        {
            Apply(eventName, data, events);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A text of the stream is not valid Unicode.", error);
        }
    }

    private void Apply(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        if (eventName.StartsWith(EventStreamReader.Exception))
        {
            ended = true;
            events.Add(new StreamFailed(ConverseErrorReader.ReadException(eventName[EventStreamReader.Exception.Length..], data)));
        }
        else if (eventName.SequenceEqual(EventStreamReader.End))
        {
            if (finished) End(events);
        }
        else if (eventName.SequenceEqual("contentBlockDelta"u8)) ReadBlock(ConverseStreamEvent.Parse(data.Span), events);
        else if (eventName.SequenceEqual("contentBlockStart"u8)) StartBlock(ConverseStreamEvent.Parse(data.Span), events);
        else if (eventName.SequenceEqual("contentBlockStop"u8)) StopBlock(ConverseStreamEvent.Parse(data.Span), events);
        else if (eventName.SequenceEqual("messageStart"u8)) Start(events);
        else if (eventName.SequenceEqual("messageStop"u8)) Finish(ConverseStreamEvent.Parse(data.Span), events);
        else if (eventName.SequenceEqual("metadata"u8)) ReadMetadata(ConverseStreamEvent.Parse(data.Span), events);
    }

    private void Start(ICollection<StreamEvent> events)
    {
        if (started) throw new UpstreamFormatException("The stream has a second messageStart.");
        started = true;
        events.Add(new ResponseStarted(null, null));
        events.Add(new ChoiceStarted(0));
    }

    private void StartBlock(in ConverseStreamEvent message, ICollection<StreamEvent> events) => blocks.Start(IndexOf(message), message.Start, events);

    private void ReadBlock(in ConverseStreamEvent message, ICollection<StreamEvent> events) => blocks.Read(IndexOf(message), message, events);

    private void StopBlock(in ConverseStreamEvent message, ICollection<StreamEvent> events) => blocks.Stop(IndexOf(message), events);

    private void Finish(in ConverseStreamEvent message, ICollection<StreamEvent> events)
    {
        CheckStarted();
        if (finished) throw new UpstreamFormatException("The stream has a second messageStop.");
        var reason = message.StopReason ?? throw new UpstreamFormatException("The stream stops without a reason.");
        finished = true;
        blocks.StopAll(events);
        events.Add(new ChoiceFinished(0, ConverseStopReasons.ToCanonical(reason), reason));
    }

    private void ReadMetadata(in ConverseStreamEvent message, ICollection<StreamEvent> events)
    {
        if (message.Usage.ValueKind == JsonValueKind.Object) events.Add(new UsageReported(ConverseUsageReader.Read(message.Usage)));
        if (finished) End(events);
    }

    private void End(ICollection<StreamEvent> events)
    {
        ended = true;
        events.Add(StreamCompleted.Instance);
    }

    private int IndexOf(in ConverseStreamEvent message)
    {
        CheckStarted();
        if (finished) throw new UpstreamFormatException("The stream goes on after messageStop.");
        return message.Index ?? throw new UpstreamFormatException("An event about a block has no index.");
    }

    private void CheckStarted()
    {
        if (!started) throw new UpstreamFormatException("The stream does not begin with messageStart.");
    }
}
