using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.PassThrough;

/// <summary>
/// The fast path between a provider and a caller that both speak Anthropic's Messages. Byte for byte it writes what
/// <see cref="CanonicalStreamTranscoder"/> writes, but copies deltas from the provider's bytes without making a string of them. What the content model has no
/// place for (blocks of server tools, citations of documents) is copied as well. Not thread-safe.
/// </summary>
internal sealed class MessagesStreamPatcher(AnswerHeader header) : IStreamTranscoder
{
    /// <summary>More blocks than any provider has open that the router copies. Bounds a stream that starts blocks without end.</summary>
    private const int MaxCopied = 64;

    private readonly AnthropicStreamReader reader = new();
    private readonly MessagesStreamWriter writer = new(header);
    private readonly List<StreamEvent> events = [];
    private readonly Dictionary<int, int> copied = [];
    private int? textBefore;

    /// <summary>The provider's events that were copied only.</summary>
    public long FastEvents { get; private set; }

    /// <summary>The provider's events that needed canonical events.</summary>
    public long FallbackEvents { get; private set; }

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (reader.IsOver || eventName.SequenceEqual("ping"u8)) return;
        if (MessagesCopiedDelta.Find(data.Span) is { } delta && TryCopy(delta, data.Span, output, progress))
        {
            FastEvents++;
            return;
        }
        FallbackEvents++;
        var message = AnthropicStreamEvent.Parse(eventName, data.Span);
        events.Clear();
        reader.Read(message, events);
        if (CopyUncarried(message, data.Span, output, progress)) return;
        foreach (var streamEvent in events)
        {
            progress.Observe(streamEvent);
            writer.Write(streamEvent, output);
        }
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output)
    {
        foreach (var index in copied.Values) MessagesEventLayout.Stop(index, output);
        copied.Clear();
        writer.Complete(usage, output);
    }

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

    private bool TryCopy(in MessagesCopiedDelta delta, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (reader.TakeDelta(delta.Index, delta.Type) is not { } part) return false;
        if (writer.IndexOf(part, delta.Type == AnthropicDeltaType.Text) is not { } index) return false;
        var raw = delta.Text.In(bytes);
        progress.TokenSeen = true;
        progress.OutputBytes += JsonStrings.DecodedLength(raw);
        var text = JsonText.Raw(raw);
        switch (delta.Type)
        {
            case AnthropicDeltaType.Text:
                MessagesEventLayout.WriteText(index, text, output);
                progress.Kept?.AppendRaw(raw);
                break;
            case AnthropicDeltaType.Thinking:
                MessagesEventLayout.WriteThinking(index, text, output);
                break;
            default:
                MessagesEventLayout.WriteInput(index, text, output);
                (progress.ToolCalls ??= new SeenToolCalls()).AddRaw(0, part, raw);
                break;
        }
        return true;
    }

    /// <summary>Copies what the content model has no place for.</summary>
    private bool CopyUncarried(in AnthropicStreamEvent message, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, StreamProgress progress)
    {
        if (message.Index is not { } block) return false;
        switch (message.Type)
        {
            case AnthropicEventType.BlockStart when !IsCarried(message.Block):
                if (copied.Count >= MaxCopied) return true;
                Take(progress);
                copied[block] = writer.BeginCopied(output);
                MessagesEventLayout.StartCopied(copied[block], message.Block, output);
                return true;
            case AnthropicEventType.BlockDelta when copied.TryGetValue(block, out var index):
                MessagesEventLayout.WriteCopied(index, DeltaOf(bytes), output);
                return true;
            case AnthropicEventType.BlockStart:
                textBefore = writer.OpenText;
                return false;
            case AnthropicEventType.BlockDelta when message.DeltaType == AnthropicDeltaType.Citation:
                Take(progress);
                // A block of a citation alone: it is not about the text before.
                if (textBefore is not null && writer.OpenText == textBefore) writer.EndText(output);
                MessagesEventLayout.WriteCopied(writer.BeginCited(output), DeltaOf(bytes), output);
                return true;
            case AnthropicEventType.BlockStop when copied.Remove(block, out var index):
                MessagesEventLayout.Stop(index, output);
                return true;
            default:
                return false;
        }
    }

    private static void Take(StreamProgress progress)
    {
        progress.TokenSeen = true;
        progress.Kept?.Spoil();
    }

    private static bool IsCarried(JsonElement block) => block.TryGetProperty("type"u8, out var type)
        && (type.ValueEquals("text"u8) || type.ValueEquals("thinking"u8) || type.ValueEquals("redacted_thinking"u8) || type.ValueEquals("tool_use"u8));

    private static JsonElement DeltaOf(ReadOnlySpan<byte> bytes) => AnthropicJson.TryGetObject(JsonElement.Parse(bytes), "delta"u8, out var delta)
        ? delta : throw new UpstreamFormatException("A delta of the stream is not an object.");
}
