using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Caller.Streaming;

/// <summary>
/// What a stream has told of one candidate and its caller has not: calls whose arguments are not complete, reasoning that is open, pages that are cited.
/// Bounded. Not thread-safe.
/// </summary>
internal sealed class GeminiOpenCandidate(int index)
{
    /// <summary>Most characters of arguments, of citations and of members that are held at once. A model's whole answer is shorter.</summary>
    private const int MostHeld = 8 * 1024 * 1024;

    /// <summary>Most parts of reasoning that are open at once; providers have one.</summary>
    private const int MostOpen = 1024;

    /// <summary>Most members that the content model has no place for; Google's API has about ten.</summary>
    private const int MostKept = 32;

    private readonly SortedList<int, GeminiOpenCall> calls = [];
    private readonly Dictionary<int, ReasoningPart> thoughts = [];
    private readonly List<CitationPart> citations = [];
    private int held;
    private int cited;

    /// <summary>Its number.</summary>
    public int Index { get; } = index;

    /// <summary>How it ended; null: it has not.</summary>
    public ChoiceFinished? Finish { get; set; }

    /// <summary>Whether it has a refusal.</summary>
    public bool Refuses { get; set; }

    /// <summary>The pages that it cites.</summary>
    public IReadOnlyList<CitationPart> Citations => citations;

    /// <summary>Members that the content model has no place for, as they stood last, in the order in which they came; null: none.</summary>
    public Dictionary<string, byte[]>? Kept { get; private set; }

    /// <summary>Keeps a member as it is.</summary>
    public void Keep(string name, ReadOnlySpan<byte> json)
    {
        Kept ??= new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (Kept.TryGetValue(name, out var earlier)) Hold(json.Length - earlier.Length);
        else
        {
            // Names are kept too: a provider could fill memory with them alone.
            if (Kept.Count == MostKept) throw new UpstreamFormatException($"A candidate has more than {MostKept} members that the router does not know.");
            Hold(name.Length + json.Length);
        }
        Kept[name] = json.ToArray();
    }

    /// <summary>A call begins.</summary>
    public void Begin(int part, ToolCallPart call)
    {
        calls[part] = new GeminiOpenCall(call, Hold);
        Hold(call.Arguments.Length);
    }

    /// <summary>Reasoning begins.</summary>
    public void Begin(int part, ReasoningPart reasoning)
    {
        // A stream without end of such parts is one that never ends them.
        if (thoughts.Count >= MostOpen) throw TooMuch();
        thoughts[part] = reasoning;
    }

    /// <summary>The call that is open as a part; null: none.</summary>
    public GeminiOpenCall? CallOf(int part) => calls.GetValueOrDefault(part);

    /// <summary>Takes what a piece of reasoning tells beside its text.</summary>
    /// <returns>What is known of the part.</returns>
    public ReasoningPart Note(ReasoningDelta delta)
    {
        var head = thoughts.GetValueOrDefault(delta.Part) ?? new ReasoningPart(ReasoningKind.Plain);
        if (delta.Block is not { } block) return head;
        if (block.Data is null && (block.Id is null || block.Id == head.Id) && (block.Format is null || head.Format is not null)) return head;
        head = head with { Id = block.Id ?? head.Id, Format = head.Format ?? block.Format, Data = block.Data ?? head.Data };
        return thoughts[delta.Part] = head;
    }

    /// <summary>Cites pages.</summary>
    public void Cite(IReadOnlyList<CitationPart> pages)
    {
        foreach (var page in pages)
        {
            cited += page.Url.Length + (page.Title?.Length ?? 0);
            if (cited > MostHeld) throw TooMuch();
            citations.Add(page);
        }
    }

    /// <summary>A part is over. False: it was no call.</summary>
    public bool EndCall(int part)
    {
        if (!calls.TryGetValue(part, out var call)) return false;
        call.IsOver = true;
        return true;
    }

    /// <summary>The next call in the order in which they began; null: it is not over, or there is none.</summary>
    public GeminiOpenCall? TakeCall()
    {
        if (calls.Count == 0 || calls.Values[0] is not { IsOver: true } call) return null;
        calls.RemoveAt(0);
        held -= call.Length;
        return call;
    }

    /// <summary>The opaque block that a part was, which is over; null: it was none.</summary>
    public ReasoningPart? TakeData(int part) =>
        thoughts.Remove(part, out var reasoning) && reasoning is { Kind: ReasoningKind.Encrypted, Data.Length: > 0 } ? reasoning : null;

    /// <summary>The calls that are open at the end, in order.</summary>
    public IReadOnlyList<GeminiOpenCall> TakeCalls()
    {
        if (calls.Count == 0) return [];
        GeminiOpenCall[] left = [.. calls.Values];
        calls.Clear();
        return left;
    }

    private void Hold(int characters)
    {
        held += characters;
        if (held > MostHeld) throw TooMuch();
    }

    private static UpstreamFormatException TooMuch() => new($"Calls, citations or other members are longer than {MostHeld} characters.");
}
