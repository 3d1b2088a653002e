using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;

/// <summary>
/// The blocks of a stream that were started and not stopped (one at a time in practice), and what their deltas mean. Each is a part; a text begins with
/// its first character, so that an empty one is left out.
/// </summary>
internal sealed class AnthropicOpenBlocks
{
    /// <summary>More than any provider has open. Bounds a stream that starts blocks without end.</summary>
    private const int MaxOpen = 64;

    private readonly Dictionary<int, OpenBlock> open = [];
    private int parts;
    private int reasoningBlocks;

    private enum Kind { Skipped, Text, Thinking, ToolUse }

    public void Start(int index, JsonElement block, ICollection<StreamEvent> events)
    {
        if (open.Count >= MaxOpen) throw new UpstreamFormatException("The stream has too many blocks open at once.");
        if (!open.TryAdd(index, Open(block, events))) throw new UpstreamFormatException("The stream starts a block that is already open.");
    }

    public void Read(int index, in AnthropicStreamEvent delta, ICollection<StreamEvent> events)
    {
        var block = open.GetValueOrDefault(index) ?? throw new UpstreamFormatException("The stream has a delta for a block that is not open.");
        if (block.Kind == Kind.Skipped || delta.DeltaType == AnthropicDeltaType.Unknown) return;
        if (delta.DeltaType == AnthropicDeltaType.Citation)
        {
            ReadCitation(block, delta.Citation, events);
            return;
        }
        var text = delta.DeltaText ?? throw new UpstreamFormatException("A delta of the stream has no text.");
        if (text.Length == 0) return;
        switch (block.Kind, delta.DeltaType)
        {
            case (Kind.Text, AnthropicDeltaType.Text): AddText(block, text, events); break;
            case (Kind.Thinking, AnthropicDeltaType.Thinking): AddThought(block, text, null, events); break;
            case (Kind.Thinking, AnthropicDeltaType.Signature): AddThought(block, null, text, events); break;
            case (Kind.ToolUse, AnthropicDeltaType.Json): events.Add(new ToolCallDelta(0, block.Part, text)); break;
            default: throw new UpstreamFormatException("The stream has a delta that does not fit its block.");
        }
        block.HasDeltas = true;
    }

    /// <summary>Takes a delta that is copied: the part that it continues; null: it begins one, or is not of its kind.</summary>
    public int? TakeDelta(int index, AnthropicDeltaType type)
    {
        if (!open.TryGetValue(index, out var block) || block.Part < 0) return null;
        var fits = (block.Kind, type) is (Kind.Text, AnthropicDeltaType.Text) or (Kind.Thinking, AnthropicDeltaType.Thinking)
            or (Kind.ToolUse, AnthropicDeltaType.Json);
        if (!fits) return null;
        block.HasDeltas = true;
        return block.Part;
    }

    public void Stop(int index, ICollection<StreamEvent> events)
    {
        if (!open.Remove(index, out var block)) throw new UpstreamFormatException("The stream stops a block that is not open.");
        Close(block, events);
    }

    /// <summary>Some providers leave out the last content_block_stop.</summary>
    public void StopAll(ICollection<StreamEvent> events)
    {
        foreach (var block in open.Values) Close(block, events);
        open.Clear();
    }

    /// <summary>A call without a delta has the arguments of its start: usually none, but all of them from providers that do not stream arguments.</summary>
    private static void Close(OpenBlock block, ICollection<StreamEvent> events)
    {
        if (block is { Kind: Kind.ToolUse, HasDeltas: false }) events.Add(new ToolCallDelta(0, block.Part, block.InitialArguments ?? "{}"));
        if (block.Part >= 0) events.Add(new PartEnded(0, block.Part));
    }

    private OpenBlock Open(JsonElement block, ICollection<StreamEvent> events)
    {
        switch (AnthropicJson.RequiredText(block, "type"u8, "content block"))
        {
            case "text":
                var written = new OpenBlock(Kind.Text);
                if (AnthropicJson.Text(block, "text"u8) is { Length: > 0 } text) AddText(written, text, events);
                return written;
            case "thinking":
                return OpenThought(block, events);
            case "redacted_thinking":
                var data = AnthropicJson.RequiredText(block, "data"u8, "redacted_thinking block");
                events.Add(new PartAdded(0, parts++, AnthropicReasoningParts.Redacted(reasoningBlocks++, data)));
                return new OpenBlock(Kind.Skipped);
            case "tool_use":
                var call = new ToolCallPart(AnthropicJson.RequiredText(block, "id"u8, "tool_use block"),
                    AnthropicJson.RequiredText(block, "name"u8, "tool_use block"), "");
                var called = new OpenBlock(Kind.ToolUse) { InitialArguments = AnthropicJson.Object(block, "input"u8) };
                Begin(called, call, events);
                return called;
            default:
                return new OpenBlock(Kind.Skipped);
        }
    }

    private OpenBlock OpenThought(JsonElement block, ICollection<StreamEvent> events)
    {
        var thought = AnthropicJson.Text(block, "thinking"u8);
        var signature = AnthropicJson.Text(block, "signature"u8) is { Length: > 0 } sign ? sign : null;
        var opened = new OpenBlock(Kind.Thinking) { Ordinal = reasoningBlocks++ };
        Begin(opened, AnthropicReasoningParts.Text(opened.Ordinal, thought is null ? null : "", null), events);
        if (thought is { Length: 0 }) thought = null;
        if (thought is not null || signature is not null) AddThought(opened, thought, signature, events);
        return opened;
    }

    private void Begin(OpenBlock block, ContentPart head, ICollection<StreamEvent> events)
    {
        block.Part = parts++;
        events.Add(new PartStarted(0, block.Part, head));
    }

    private void AddText(OpenBlock block, string text, ICollection<StreamEvent> events)
    {
        if (block.Part < 0) Begin(block, TextPart.Empty, events);
        events.Add(new TextDelta(0, block.Part, text));
    }

    private static void AddThought(OpenBlock block, string? text, string? signature, ICollection<StreamEvent> events) =>
        events.Add(new ReasoningDelta(0, block.Part, null, AnthropicReasoningParts.Text(block.Ordinal, text, signature)));

    private void ReadCitation(OpenBlock block, JsonElement citation, ICollection<StreamEvent> events)
    {
        if (AnthropicCitations.Read(citation) is not { } page) return;
        // The text that a citation is about comes before it, as in a whole answer.
        if (block is { Kind: Kind.Text, Part: < 0 }) Begin(block, TextPart.Empty, events);
        events.Add(new CitationsAdded(0, parts++, [page]));
    }

    private sealed class OpenBlock(Kind kind)
    {
        public Kind Kind => kind;

        /// <summary>Number of its part; negative: it has none, or none yet.</summary>
        public int Part { get; set; } = -1;

        /// <summary>Position of a thought among the reasoning blocks.</summary>
        public int Ordinal { get; init; }

        public bool HasDeltas { get; set; }

        public string? InitialArguments { get; init; }
    }
}
