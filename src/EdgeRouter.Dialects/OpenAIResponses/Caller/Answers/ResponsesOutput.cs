using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>
/// Puts the items of one response together, part by part, and tells what happens as events. Items and their texts begin with their first content, so that
/// empty ones are left out. Texts in a row share a message. A message stays open until another item begins, because citations may come late, and the last
/// item stays open until it is known whether the answer was broken off. Not thread-safe.
/// </summary>
/// <param name="header">The head of the answer.</param>
/// <param name="asked">What it tells of the request.</param>
/// <param name="events">Receives the events.</param>
internal sealed class ResponsesOutput(AnswerHeader header, ResponsesAsked asked, ResponsesEvents events)
{
    /// <summary>Most characters of one answer. Its end repeats the whole of it, so that it is kept.</summary>
    public const int MostCharacters = 64 * 1024 * 1024;

    /// <summary>Characters that a citation counts beside its own. An empty one takes memory too.</summary>
    private const int CitationCharacters = 64;

    private readonly List<ResponsesItem> items = [];
    private readonly SortedDictionary<int, ResponsesOpenPart> open = [];
    private readonly List<ResponsesCallItem> ended = [];
    private ResponsesMessageItem? message;
    private ResponsesReasoningItem? thought;
    private long characters;
    private int copiedItems;

    /// <summary>The items so far.</summary>
    public IReadOnlyList<ResponsesItem> Items => items;

    /// <summary>Whether there is a refusal.</summary>
    public bool Refuses { get; private set; }

    /// <summary>Takes the next step.</summary>
    /// <exception cref="UpstreamFormatException">The answer is larger than any may be.</exception>
    public void Add(PartEvent part)
    {
        switch (part)
        {
            case PartStarted started: Begin(started); break;
            case PartEnded ended when open.Remove(ended.Part, out var one): End(one); break;
            case PartEnded: message?.EndText(); break;
            case PartAdded added: AddWhole(added.Content); break;
            case CitationsAdded added: AddCitations(added.Citations); break;
            case TextDelta { Part: TextDelta.NoPart }: break; // log probabilities alone
            case TextDelta delta: AddText(ResponsesTextKind.Output, delta.Text, TokensOf(delta.Logprobs)); break;
            case RefusalDelta delta: AddText(ResponsesTextKind.Refusal, delta.Text, null); break;
            case ReasoningDelta delta: AddThought(open[delta.Part], delta); break;
            case ToolCallDelta delta: AddCall(open[delta.Part], delta); break;
        }
    }

    /// <summary>Ends everything that is open.</summary>
    /// <param name="status">How the answer ended.</param>
    public void Complete(ResponsesStatus status)
    {
        foreach (var part in open.Values) End(part);
        open.Clear();
        var last = status.IsIncomplete ? items.FindLast(item => item is not (ResponsesReasoningItem or ResponsesCopiedItem)) : null;
        if (last is { Status: ResponsesItemStatus.InProgress }) last.Status = ResponsesItemStatus.Incomplete;
        EndMessage();
        EndThought();
        EndCalls();
    }

    /// <summary>Marks everything that is open as broken off.</summary>
    public void Break()
    {
        foreach (var item in items)
            if (item.Status == ResponsesItemStatus.InProgress) item.Status = ResponsesItemStatus.Incomplete;
    }

    /// <summary>An item that the content model has no place for begins.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="UpstreamFormatException">The answer is larger than any may be.</exception>
    public int BeginCopied(JsonElement item)
    {
        const int Most = OpenAIResponsesOpenItems.MaxItems;
        if (++copiedItems > Most) throw new UpstreamFormatException($"The answer has more than {Most} items of tools.");
        Count(SizeOf(item));
        EndItems();
        return Begin(new ResponsesCopiedItem(items.Count, item)).Index;
    }

    /// <summary>Such an item is whole.</summary>
    /// <exception cref="UpstreamFormatException">The answer is larger than any may be.</exception>
    public void EndCopied(int index, JsonElement item)
    {
        if (items[index] is not ResponsesCopiedItem { Status: ResponsesItemStatus.InProgress } copied) return;
        Count(SizeOf(item) - SizeOf(copied.Json));
        copied.Json = item.Clone();
        End(copied);
    }

    /// <summary>A citation that the content model has no place for.</summary>
    /// <exception cref="UpstreamFormatException">The answer is larger than any may be.</exception>
    public void AddCitation(JsonElement annotation)
    {
        Count(CitationCharacters + SizeOf(annotation));
        var text = message?.Last is { Kind: ResponsesTextKind.Output } last ? last : TextFor(ResponsesTextKind.Output);
        // It outlives the document that it is read from.
        var kept = new ResponsesAnnotation(null, annotation.Clone());
        events.Add(message!, text, kept);
        text.Add(kept);
    }

    /// <summary>The tokens in log probabilities of OpenAI's chat API; null: none.</summary>
    public static JsonElement? TokensOf(JsonElement? logprobs) =>
        logprobs is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("content"u8, out var tokens) && tokens.ValueKind == JsonValueKind.Array
            ? tokens : null;

    private void Begin(PartStarted started)
    {
        switch (started.Head)
        {
            case TextPart:
                message?.EndCited(events);
                break;
            case RefusalPart:
                Refuses = true;
                message?.EndCited(events);
                break;
            default:
                var part = new ResponsesOpenPart(started.Head);
                open.Add(started.Part, part);
                if (started.Head is ReasoningPart { Text.Length: > 0 } reasoning) AddThought(part, reasoning.Text);
                if (started.Head is not ToolCallPart call) break;
                if (call.Name.Length > 0) BeginCall(part, call.Name);
                if (call.Arguments.Length > 0) AddArguments(part, call.Arguments);
                break;
        }
    }

    private void End(ResponsesOpenPart part)
    {
        if (part.CallId is not null)
        {
            var call = BeginCall(part, "");
            call.Signature = part.Signature;
            ended.Add(call);
            return;
        }
        if (part.Text is { } text) events.EndText(part.Thought!, text);
        Sign(part.Reasoning, part.Signature, part.Data, part.Thought);
    }

    private void AddWhole(ContentPart part)
    {
        switch (part)
        {
            case ImagePart image: AddImage(image); break;
            case ReasoningPart reasoning:
                var whole = new ResponsesOpenPart(reasoning);
                AddThought(whole, reasoning.Kind is ReasoningKind.Encrypted or ReasoningKind.Other ? reasoning.Readable : reasoning.Text ?? reasoning.Readable);
                End(whole);
                break;
        }
    }

    private void AddText(ResponsesTextKind kind, string piece, JsonElement? logprobs)
    {
        if (piece.Length == 0) return;
        Count(piece.Length);
        if (logprobs is { } counted) Count(SizeOf(counted));
        var text = TextFor(kind);
        if (logprobs is { } tokens) text.AddLogprobs(tokens);
        events.Add(message!, text, text.Add(piece), logprobs);
    }

    private void AddCitations(IReadOnlyList<CitationPart> citations)
    {
        var text = message?.Last is { Kind: ResponsesTextKind.Output } last ? last : TextFor(ResponsesTextKind.Output);
        foreach (var citation in citations)
        {
            Count(CitationCharacters + citation.Url.Length + (citation.Title?.Length ?? 0) + (citation.Content?.Length ?? 0));
            events.Add(message!, text, new ResponsesAnnotation(citation, default));
            text.Add(new ResponsesAnnotation(citation, default));
        }
    }

    /// <summary>The text that a piece belongs to, which begins if there is none.</summary>
    private ResponsesText TextFor(ResponsesTextKind kind)
    {
        if (message is null)
        {
            EndItems();
            message = Begin(new ResponsesMessageItem(items.Count, IdOf("msg")));
        }
        if (message.Current is { } current && current.Kind == kind) return current;
        message.EndCited(events);
        var text = message.Begin(kind);
        events.BeginText(message, text);
        return text;
    }

    private void AddThought(ResponsesOpenPart part, ReasoningDelta delta)
    {
        AddThought(part, delta.Block?.Text ?? delta.Text);
        if (delta.Block is { } piece) part.Note(piece);
    }

    private void AddThought(ResponsesOpenPart part, string? piece)
    {
        if (header.ExcludeReasoning || piece is not { Length: > 0 }) return;
        Count(piece.Length);
        var item = part.Thought ??= ThoughtFor(part.Reasoning);
        if (part.Text is null)
        {
            part.Text = item.Begin(asked.WantsSummary || part.Reasoning.Kind == ReasoningKind.Summary);
            events.BeginText(item, part.Text);
        }
        events.Add(item, part.Text, part.Text.Add(piece), null);
    }

    private void Sign(ReasoningPart part, string? signature, string? data, ResponsesReasoningItem? item)
    {
        if (ResponsesSignature.Write(part, signature, data) is not { } encrypted) return;
        Count(encrypted.Length);
        (item ?? ThoughtFor(part)).Encrypted = encrypted;
    }

    private ResponsesReasoningItem ThoughtFor(ReasoningPart part)
    {
        if (thought is not null && thought.Takes(part)) return thought;
        EndItems();
        var id = ResponsesSignature.IsOwn(part) && part.Id is { Length: > 0 } own ? own : IdOf("rs");
        return thought = Begin(new ResponsesReasoningItem(items.Count, id, part));
    }

    private void AddCall(ResponsesOpenPart part, ToolCallDelta delta)
    {
        if (delta.Name is { Length: > 0 } name) BeginCall(part, name);
        if (delta.Signature is { Length: > 0 } signature) part.Signature = signature;
        if (delta.Arguments is { Length: > 0 } arguments) AddArguments(part, arguments);
    }

    private void AddArguments(ResponsesOpenPart part, string piece)
    {
        Count(piece.Length);
        var call = BeginCall(part, "");
        var added = call.Add(piece);
        if (!call.IsCustom) events.AddArguments(call, added);
    }

    private ResponsesCallItem BeginCall(ResponsesOpenPart part, string name)
    {
        if (part.Call is { } begun) return begun;
        EndItems();
        var tool = asked.ToolOf(name);
        return part.Call = Begin(new ResponsesCallItem(items.Count, IdOf(tool is { IsCustom: true } ? "ctc" : "fc"), part.CallId!, name, tool));
    }

    private void AddImage(ImagePart image)
    {
        Count(image.Url.Length);
        var comma = image.Url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !image.Url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            // This API has images by their data only.
            message?.EndCited(events);
            AddText(ResponsesTextKind.Output, $"![image]({image.Url})", null);
            message!.EndText();
            return;
        }
        EndItems();
        var item = Begin(new ResponsesImageItem(items.Count, IdOf("ig"), image.Url[(comma + 1)..]));
        events.EndImage(item);
        End(item);
    }

    private TItem Begin<TItem>(TItem item)
        where TItem : ResponsesItem
    {
        items.Add(item);
        events.BeginItem(item);
        return item;
    }

    private void End(ResponsesItem item)
    {
        if (item.Status == ResponsesItemStatus.InProgress) item.Status = ResponsesItemStatus.Completed;
        events.EndItem(item);
    }

    /// <summary>Ends what was kept open for what could follow, before another item begins.</summary>
    private void EndItems()
    {
        EndMessage();
        EndThought();
        EndCalls();
    }

    private void EndMessage()
    {
        if (message is null) return;
        message.EndCited(events);
        End(message);
        message = null;
    }

    private void EndThought()
    {
        if (thought is null) return;
        End(thought);
        thought = null;
    }

    private void EndCalls()
    {
        foreach (var call in ended)
        {
            if (call.IsCustom) call.Unwrap();
            events.EndArguments(call);
            End(call);
            if (call.Signature is not { Length: > 0 } signature) continue;
            // Clients keep reasoning, and drop what they do not know of a call.
            var item = Begin(new ResponsesReasoningItem(items.Count, IdOf("rs"), new ReasoningPart(ReasoningKind.Encrypted))
            {
                Encrypted = ResponsesSignature.OfCall(call.CallId, signature),
            });
            End(item);
        }
        ended.Clear();
    }

    private string IdOf(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{header.GenerationId}_{items.Count}");

    /// <summary>The bytes of a value as it was written, which are at least as many as its characters.</summary>
    private static int SizeOf(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).Length;

    private void Count(int added)
    {
        characters += added;
        if (characters > MostCharacters) throw new UpstreamFormatException($"The answer is longer than {MostCharacters} characters.");
    }
}
