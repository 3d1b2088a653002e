using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;

/// <summary>
/// Reads one stream. The order of events is checked: nothing but ping and error comes before message_start, and a delta belongs to a block that was
/// started. Usage is reported at the start with the output unknown (so that the input of an aborted answer is counted) and again with each message_delta.
/// Nothing is read after the end.
/// </summary>
internal sealed class AnthropicStreamReader : IWireStreamReader
{
    private readonly AnthropicOpenBlocks blocks = new();
    private AnthropicUsageReader usage;
    private bool started;
    private bool finished;
    private bool ended;

    public void Read(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, ICollection<StreamEvent> events)
    {
        if (ended || eventName.SequenceEqual("ping"u8)) return;
        Read(AnthropicStreamEvent.Parse(eventName, data.Span), events);
    }

    /// <summary>Whether the stream is over: nothing more is read.</summary>
    public bool IsOver => ended;

    /// <summary>The same for an event that was parsed. Only while the stream is not over.</summary>
    public void Read(in AnthropicStreamEvent message, ICollection<StreamEvent> events)
    {
        if (message.Type is not (AnthropicEventType.Unknown or AnthropicEventType.MessageStart or AnthropicEventType.Error) && !started)
            throw new UpstreamFormatException("The stream does not begin with message_start.");
        try
        {
            Apply(message, events);
        }
        catch (InvalidOperationException error)
        {
            throw new UpstreamFormatException("A text of the stream is not valid Unicode.", error);
        }
    }

    /// <summary>Takes a delta that is copied: the part that it continues; null: it begins one, or is not of its kind.</summary>
    public int? TakeDelta(int index, AnthropicDeltaType type) => ended ? null : blocks.TakeDelta(index, type);

    private void Apply(in AnthropicStreamEvent message, ICollection<StreamEvent> events)
    {
        switch (message.Type)
        {
            case AnthropicEventType.MessageStart: Start(message, events); break;
            case AnthropicEventType.BlockStart: blocks.Start(IndexOf(message), message.Block, events); break;
            case AnthropicEventType.BlockDelta: blocks.Read(IndexOf(message), message, events); break;
            case AnthropicEventType.BlockStop: blocks.Stop(IndexOf(message), events); break;
            case AnthropicEventType.MessageDelta: Finish(message, events); break;
            case AnthropicEventType.MessageStop:
                ended = true;
                blocks.StopAll(events);
                events.Add(StreamCompleted.Instance);
                break;
            case AnthropicEventType.Error:
                ended = true;
                events.Add(new StreamFailed(AnthropicErrorReader.ReadError(null, message.Error)));
                break;
        }
    }

    private void Start(in AnthropicStreamEvent message, ICollection<StreamEvent> events)
    {
        if (started) throw new UpstreamFormatException("The stream has a second message_start.");
        started = true;
        var hasUsage = AnthropicJson.TryGetObject(message.Message, "usage"u8, out var reported);
        if (hasUsage) usage.Add(reported);
        usage.ForgetOutput();
        events.Add(new ResponseStarted(AnthropicJson.Text(message.Message, "id"u8), AnthropicJson.Text(message.Message, "model"u8), null, usage.ServiceTier));
        events.Add(new ChoiceStarted(0));
        if (hasUsage) events.Add(new UsageReported(usage.ToUsage()));
    }

    private void Finish(in AnthropicStreamEvent message, ICollection<StreamEvent> events)
    {
        if (message.StopReason is { } reason && !finished)
        {
            finished = true;
            blocks.StopAll(events);
            events.Add(new ChoiceFinished(0, AnthropicFinishReasons.ToCanonical(reason), reason) { StopSequence = message.StopSequence });
        }
        if (message.Usage.ValueKind != JsonValueKind.Object) return;
        usage.Add(message.Usage);
        events.Add(new UsageReported(usage.ToUsage()));
    }

    private static int IndexOf(in AnthropicStreamEvent message) => message.Index ?? throw new UpstreamFormatException("An event about a block has no index.");
}
