using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>The blocks of a stream that were started and not stopped (one at a time in practice), and what their deltas mean.</summary>
internal sealed class AnthropicOpenBlocks
{
    /// <summary>More than any provider has open; a stream that starts blocks without end is cut here.</summary>
    private const int MaxOpen = 64;

    private readonly Dictionary<int, OpenBlock> open = [];
    private int reasoningBlocks;
    private int toolCalls;

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
            if (AnthropicCitations.IsWebPage(delta.Citation)) events.Add(Annotation(delta.Citation));
            return;
        }
        var text = delta.DeltaText ?? throw new UpstreamFormatException("A delta of the stream has no text.");
        if (text.Length == 0) return;
        events.Add((block.Kind, delta.DeltaType) switch
        {
            (Kind.Text, AnthropicDeltaType.Text) => new TextDelta(0, text),
            (Kind.Thinking, AnthropicDeltaType.Thinking) => new ReasoningDelta(0, text, AnthropicReasoningDetails.Text(block.Ordinal, text, null)),
            (Kind.Thinking, AnthropicDeltaType.Signature) => new ReasoningDelta(0, null, AnthropicReasoningDetails.Text(block.Ordinal, null, text)),
            (Kind.ToolUse, AnthropicDeltaType.Json) => new ToolCallDelta(0, block.Ordinal, null, null, text),
            _ => throw new UpstreamFormatException("The stream has a delta that does not fit its block."),
        });
        block.HasDeltas = true;
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

    /// <summary>A call without a delta has the arguments that its start told: none as a rule, all of them from providers that do not stream them.</summary>
    private static void Close(OpenBlock block, ICollection<StreamEvent> events)
    {
        if (block is { Kind: Kind.ToolUse, HasDeltas: false }) events.Add(new ToolCallDelta(0, block.Ordinal, null, null, block.InitialArguments ?? "{}"));
    }

    private OpenBlock Open(JsonElement block, ICollection<StreamEvent> events)
    {
        switch (AnthropicJson.RequiredText(block, "type"u8, "content block"))
        {
            case "text":
                if (AnthropicJson.Text(block, "text"u8) is { Length: > 0 } text) events.Add(new TextDelta(0, text));
                return new OpenBlock(Kind.Text, 0);
            case "thinking":
                var thought = AnthropicJson.Text(block, "thinking"u8) is { Length: > 0 } first ? first : null;
                var signature = AnthropicJson.Text(block, "signature"u8) is { Length: > 0 } sign ? sign : null;
                if (thought is not null || signature is not null)
                    events.Add(new ReasoningDelta(0, thought, AnthropicReasoningDetails.Text(reasoningBlocks, thought, signature)));
                return new OpenBlock(Kind.Thinking, reasoningBlocks++);
            case "redacted_thinking":
                var data = AnthropicJson.RequiredText(block, "data"u8, "redacted_thinking block");
                events.Add(new ReasoningDelta(0, null, AnthropicReasoningDetails.Redacted(reasoningBlocks++, data)));
                return new OpenBlock(Kind.Skipped, 0);
            case "tool_use":
                var id = AnthropicJson.RequiredText(block, "id"u8, "tool_use block");
                events.Add(new ToolCallDelta(0, toolCalls, id, AnthropicJson.RequiredText(block, "name"u8, "tool_use block"), null));
                return new OpenBlock(Kind.ToolUse, toolCalls++) { InitialArguments = AnthropicJson.Object(block, "input"u8) };
            default:
                return new OpenBlock(Kind.Skipped, 0);
        }
    }

    private static ExtensionDelta Annotation(JsonElement citation) => new(0, AnthropicCitations.Member, AnthropicCitations.ToAnnotations([citation]));

    private sealed class OpenBlock(Kind kind, int ordinal)
    {
        public Kind Kind => kind;

        /// <summary>Position among the blocks of its kind that callers count: reasoning blocks, or tool calls.</summary>
        public int Ordinal => ordinal;

        public bool HasDeltas { get; set; }

        public string? InitialArguments { get; init; }
    }
}
