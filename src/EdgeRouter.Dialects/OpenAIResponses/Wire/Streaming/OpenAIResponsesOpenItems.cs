using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;

/// <summary>
/// The items of a stream, and what their events mean as parts. One text, refusal or thought is open at a time, and ends before another part begins; calls
/// may be open together. A text begins with its first character, so that an empty one is left out. Not thread-safe.
/// </summary>
internal sealed class OpenAIResponsesOpenItems
{
    /// <summary>More than any answer has. Bounds a stream that begins items without end.</summary>
    public const int MaxItems = 4096;

    private readonly Dictionary<int, Item> items = [];
    private (int Item, int Index, bool IsSummary, int Part)? open;
    private int parts;
    private int thoughts;

    private enum Kind { Other, Message, Reasoning, Call }

    /// <summary>Whether there was a call of a tool.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>An item begins.</summary>
    public void Begin(int index, JsonElement item, ICollection<StreamEvent> events)
    {
        if (items.Count >= MaxItems) throw new UpstreamFormatException($"The stream has more than {MaxItems} items.");
        if (!items.TryAdd(index, Open(item))) throw new UpstreamFormatException("The stream begins an item twice.");
        if (items[index] is { Kind: Kind.Call } call) BeginCall(call, item, events);
    }

    /// <summary>An item is whole: what was not streamed is taken from it.</summary>
    public void End(int index, JsonElement item, ICollection<StreamEvent> events)
    {
        if (!items.TryGetValue(index, out var known)) Begin(index, item, events);
        known = items[index];
        if (known.HasEnded) return;
        switch (known.Kind)
        {
            case Kind.Call:
                if (!known.HasText && OpenAIResponsesJson.Text(item, "arguments"u8) is { Length: > 0 } arguments)
                    events.Add(new ToolCallDelta(0, known.Part, arguments));
                events.Add(new PartEnded(0, known.Part));
                break;
            case Kind.Message:
                if (!known.HasText) ReadMessage(index, item, events);
                EndText(events);
                break;
            case Kind.Reasoning:
                known.Id ??= OpenAIResponsesJson.Text(item, "id"u8);
                if (!known.HasText) ReadReasoning(index, item, events);
                EndText(events);
                if (OpenAIResponsesParts.Encrypted(item, thoughts) is { } encrypted)
                {
                    thoughts++;
                    events.Add(new PartAdded(0, parts++, encrypted));
                }
                break;
            default:
                if (OpenAIResponsesJson.Text(item, "type"u8) != "image_generation_call" || OpenAIResponsesParts.Image(item) is not { } image) break;
                EndText(events);
                events.Add(new PartAdded(0, parts++, image));
                break;
        }
        known.HasEnded = true;
    }

    /// <summary>A piece of a text.</summary>
    public void AddText(int item, int index, string piece, JsonElement? logprobs, ICollection<StreamEvent> events)
    {
        if (piece.Length == 0) return;
        var part = PartOf(item, index, isSummary: false, TextPart.Empty, events);
        events.Add(new TextDelta(0, part, piece) { Logprobs = logprobs });
    }

    /// <summary>A piece of a refusal.</summary>
    public void AddRefusal(int item, int index, string piece, ICollection<StreamEvent> events)
    {
        if (piece.Length > 0) events.Add(new RefusalDelta(0, PartOf(item, index, isSummary: false, RefusalPart.Empty, events), piece));
    }

    /// <summary>A piece of a thought.</summary>
    public void AddThought(int item, int index, bool isSummary, string piece, ICollection<StreamEvent> events)
    {
        if (piece.Length == 0) return;
        var id = items.GetValueOrDefault(item)?.Id;
        var isNew = !IsOpen(item, index, isSummary);
        if (isNew) thoughts++;
        var part = PartOf(item, index, isSummary, OpenAIResponsesParts.Thought(isSummary, id, thoughts - 1, null), events);
        events.Add(new ReasoningDelta(0, part, null, OpenAIResponsesParts.Thought(isSummary, id, thoughts - 1, piece)));
    }

    /// <summary>A citation of the text that is open.</summary>
    public void AddCitation(JsonElement annotation, ICollection<StreamEvent> events)
    {
        if (OpenAIResponsesParts.Citation(annotation) is { } citation) events.Add(new CitationsAdded(0, parts++, [citation]));
    }

    /// <summary>A piece of the arguments of a call.</summary>
    public void AddArguments(int item, string piece, ICollection<StreamEvent> events)
    {
        if (!items.TryGetValue(item, out var call)) throw new UpstreamFormatException("The stream has arguments of a call that has not begun.");
        if (call.Kind != Kind.Call || call.HasEnded || piece.Length == 0) return;
        call.HasText = true;
        events.Add(new ToolCallDelta(0, call.Part, piece));
    }

    /// <summary>Ends what the stream left open.</summary>
    public void EndAll(ICollection<StreamEvent> events)
    {
        EndText(events);
        foreach (var item in items.Values)
        {
            if (item is { Kind: Kind.Call, HasEnded: false }) events.Add(new PartEnded(0, item.Part));
            item.HasEnded = true;
        }
    }

    private static Item Open(JsonElement item) => OpenAIResponsesJson.Text(item, "type"u8) switch
    {
        "message" => new Item(Kind.Message),
        "reasoning" => new Item(Kind.Reasoning) { Id = OpenAIResponsesJson.Text(item, "id"u8) },
        "function_call" => new Item(Kind.Call),
        _ => new Item(Kind.Other),
    };

    private void BeginCall(Item call, JsonElement item, ICollection<StreamEvent> events)
    {
        EndText(events);
        HasCalls = true;
        call.Part = parts++;
        var id = OpenAIResponsesJson.Text(item, "call_id"u8) ?? throw new UpstreamFormatException("A call of the stream has no call_id.");
        var name = OpenAIResponsesJson.Text(item, "name"u8) ?? throw new UpstreamFormatException("A call of the stream has no name.");
        events.Add(new PartStarted(0, call.Part, new ToolCallPart(id, name, "")));
    }

    private void ReadMessage(int index, JsonElement item, ICollection<StreamEvent> events)
    {
        var position = 0;
        foreach (var content in OpenAIResponsesJson.Objects(item, "content"))
        {
            if (OpenAIResponsesJson.Text(content, "refusal"u8) is { } refusal) AddRefusal(index, position, refusal, events);
            else AddText(index, position, OpenAIResponsesJson.Text(content, "text"u8) ?? "", OpenAIResponsesParts.Logprobs(content), events);
            foreach (var annotation in OpenAIResponsesJson.Objects(content, "annotations")) AddCitation(annotation, events);
            position++;
        }
    }

    private void ReadReasoning(int index, JsonElement item, ICollection<StreamEvent> events)
    {
        foreach (var (list, isSummary) in (ReadOnlySpan<(string, bool)>)[("summary", true), ("content", false)])
        {
            var position = 0;
            foreach (var text in OpenAIResponsesJson.Objects(item, list))
                AddThought(index, position++, isSummary, OpenAIResponsesJson.Text(text, "text"u8) ?? "", events);
        }
    }

    private bool IsOpen(int item, int index, bool isSummary) => open is { } one && one.Item == item && one.Index == index && one.IsSummary == isSummary;

    /// <summary>The part of a text, which begins if it is not the open one.</summary>
    private int PartOf(int item, int index, bool isSummary, ContentPart head, ICollection<StreamEvent> events)
    {
        if (items.TryGetValue(item, out var known)) known.HasText = true;
        if (IsOpen(item, index, isSummary)) return open!.Value.Part;
        EndText(events);
        open = (item, index, isSummary, parts);
        events.Add(new PartStarted(0, parts, head));
        return parts++;
    }

    private void EndText(ICollection<StreamEvent> events)
    {
        if (open is { } one) events.Add(new PartEnded(0, one.Part));
        open = null;
    }

    private sealed class Item(Kind kind)
    {
        public Kind Kind => kind;

        public int Part { get; set; } = -1;

        public string? Id { get; set; }

        public bool HasText { get; set; }

        public bool HasEnded { get; set; }
    }
}
