using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.BedrockConverse.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Streaming;

/// <summary>
/// The blocks of a stream that have begun and not stopped (one at a time in practice), and what their deltas mean. Only tool calls are announced; any other
/// block begins with its first delta.
/// </summary>
internal sealed class ConverseOpenBlocks
{
    /// <summary>More than any provider has open. Bounds a stream that starts blocks without end.</summary>
    private const int MaxOpen = 64;

    /// <summary>Most base64 characters of redacted thoughts that are kept for the ends of their blocks. Bounds a block that grows without end.</summary>
    private const int MaxRedacted = 8 * 1024 * 1024;

    private readonly Dictionary<int, OpenBlock> open = [];
    private int parts;
    private int reasoningBlocks;
    private long redacted;

    private enum Kind { Text, Thought, Redacted, ToolUse, Skipped }

    public void Start(int index, JsonElement start, ICollection<StreamEvent> events)
    {
        if (!ConverseJson.TryGetObject(start, "toolUse"u8, out var call))
        {
            // A picture that comes in pieces, a tool that the provider runs: the content model has no place for them.
            if (start.ValueKind == JsonValueKind.Object && start.GetPropertyCount() > 0) Open(index, new OpenBlock(Kind.Skipped));
            return;
        }
        var id = ConverseJson.Text(call, "toolUseId"u8) ?? throw new UpstreamFormatException("A call of a tool has no id.");
        var name = ConverseJson.Text(call, "name"u8) ?? throw new UpstreamFormatException("A call of a tool has no name.");
        var block = new OpenBlock(Kind.ToolUse);
        Open(index, block);
        Begin(block, new ToolCallPart(id, name, ""), events);
    }

    public void Read(int index, in ConverseStreamEvent delta, ICollection<StreamEvent> events)
    {
        if (open.TryGetValue(index, out var begun) && begun.Kind == Kind.Skipped) return;
        switch (delta.Delta)
        {
            case ConverseDelta.Text when Text(delta) is { } text:
                events.Add(new TextDelta(0, Continue(index, Kind.Text, TextPart.Empty, events).Part, text));
                break;
            case ConverseDelta.ToolInput when Text(delta) is { } input:
                var call = Continue(index, Kind.ToolUse, null, events);
                call.HasDeltas = true;
                events.Add(new ToolCallDelta(0, call.Part, input));
                break;
            case ConverseDelta.Thought when Text(delta) is { } thought: AddThought(index, thought, null, events); break;
            case ConverseDelta.Signature when Text(delta) is { } signature: AddThought(index, null, signature, events); break;
            case ConverseDelta.Redacted when Text(delta) is { } data: AddRedacted(index, data, events); break;
            case ConverseDelta.Citation when ConverseParts.Citation(delta.Citation) is { } page:
                Continue(index, Kind.Text, TextPart.Empty, events);
                events.Add(new CitationsAdded(0, parts++, [page]));
                break;
        }
    }

    public void Stop(int index, ICollection<StreamEvent> events)
    {
        // A text without a delta never began.
        if (open.Remove(index, out var block)) Close(block, events);
    }

    /// <summary>Closes what the provider left open.</summary>
    public void StopAll(ICollection<StreamEvent> events)
    {
        foreach (var block in open.Values) Close(block, events);
        open.Clear();
    }

    private static string? Text(in ConverseStreamEvent delta) => string.IsNullOrEmpty(delta.Text) ? null : delta.Text;

    private void AddThought(int index, string? text, string? signature, ICollection<StreamEvent> events)
    {
        if (!open.TryGetValue(index, out var block))
        {
            block = new OpenBlock(Kind.Thought) { Ordinal = reasoningBlocks++ };
            Open(index, block);
            Begin(block, ConverseParts.Thought(block.Ordinal, "", null), events);
        }
        Check(block, Kind.Thought);
        events.Add(new ReasoningDelta(0, block.Part, null, ConverseParts.Thought(block.Ordinal, text, signature)));
    }

    private void AddRedacted(int index, string base64, ICollection<StreamEvent> events)
    {
        var block = Continue(index, Kind.Redacted, null, events);
        redacted += base64.Length;
        if (redacted > MaxRedacted) throw new UpstreamFormatException($"The stream has more than {MaxRedacted} characters of redacted thoughts open.");
        block.Add(base64);
    }

    /// <summary>The block of that index, which begins now if it has not yet.</summary>
    private OpenBlock Continue(int index, Kind kind, ContentPart? head, ICollection<StreamEvent> events)
    {
        if (!open.TryGetValue(index, out var block))
        {
            if (kind == Kind.ToolUse) throw new UpstreamFormatException("The stream has arguments of a call that did not begin.");
            block = new OpenBlock(kind);
            Open(index, block);
            if (head is not null) Begin(block, head, events);
        }
        Check(block, kind);
        return block;
    }

    private static void Check(OpenBlock block, Kind kind)
    {
        if (block.Kind != kind) throw new UpstreamFormatException("The stream has a delta that does not fit its block.");
    }

    private void Open(int index, OpenBlock block)
    {
        if (open.Count >= MaxOpen) throw new UpstreamFormatException("The stream has too many blocks open at once.");
        if (!open.TryAdd(index, block)) throw new UpstreamFormatException("The stream starts a block that is already open.");
    }

    private void Begin(OpenBlock block, ContentPart head, ICollection<StreamEvent> events)
    {
        block.Part = parts++;
        events.Add(new PartStarted(0, block.Part, head));
    }

    private void Close(OpenBlock block, ICollection<StreamEvent> events)
    {
        if (block.Kind == Kind.Redacted)
        {
            redacted -= block.Characters;
            events.Add(new PartAdded(0, parts++, ConverseParts.Redacted(reasoningBlocks++, block.Data)));
        }
        if (block.Part < 0) return;
        if (block is { Kind: Kind.ToolUse, HasDeltas: false }) events.Add(new ToolCallDelta(0, block.Part, "{}"));
        events.Add(new PartEnded(0, block.Part));
    }

    private sealed class OpenBlock(Kind kind)
    {
        private readonly List<byte> data = [];

        public Kind Kind => kind;

        /// <summary>Number of its part; negative: it has none, or none yet.</summary>
        public int Part { get; set; } = -1;

        /// <summary>Position of a thought among the reasoning blocks.</summary>
        public int Ordinal { get; init; }

        public bool HasDeltas { get; set; }

        /// <summary>Characters of base64 that were added.</summary>
        public long Characters { get; private set; }

        /// <summary>Base64 of everything that was added.</summary>
        public string Data => Convert.ToBase64String([.. data]);

        /// <summary>Adds base64, whose pieces cannot be joined as texts: the first may end in padding.</summary>
        public void Add(string base64)
        {
            Characters += base64.Length;
            try
            {
                data.AddRange(Convert.FromBase64String(base64));
            }
            catch (FormatException error)
            {
                throw new UpstreamFormatException("'redactedContent' is not base64.", error);
            }
        }
    }
}
