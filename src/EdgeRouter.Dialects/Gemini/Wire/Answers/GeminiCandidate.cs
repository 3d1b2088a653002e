using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>What has been seen of one candidate of an answer. At most one part, a text or a thought, is open: chunks continue it.</summary>
internal sealed class GeminiCandidate(int index)
{
    private int parts;
    private int reasoningBlocks;
    private int openPart;
    private bool textIsOpen;
    private bool thoughtIsOpen;

    public int Index { get; } = index;

    /// <summary>Function calls so far.</summary>
    public int Calls { get; set; }

    /// <summary>Sources of the grounding list that were already sent; the list may come again, longer.</summary>
    public int Citations { get; set; }

    public bool Finished { get; set; }

    /// <summary>The text that is open, or <see cref="TextDelta.NoPart"/>.</summary>
    public int OpenText => textIsOpen ? openPart : TextDelta.NoPart;

    /// <summary>The thought that is open, or <see cref="TextDelta.NoPart"/>.</summary>
    public int OpenThoughtPart => thoughtIsOpen ? openPart : TextDelta.NoPart;

    /// <summary>Number among the reasoning blocks of the thought that is open.</summary>
    public int OpenThought => reasoningBlocks - 1;

    /// <summary>The open text, or a new one.</summary>
    public int ContinueText(ICollection<StreamEvent> events)
    {
        if (textIsOpen) return openPart;
        Begin(TextPart.Empty, events);
        textIsOpen = true;
        return openPart;
    }

    /// <summary>The open thought, or a new one.</summary>
    public int ContinueThought(ICollection<StreamEvent> events)
    {
        if (thoughtIsOpen) return openPart;
        Begin(new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Gemini, Index = reasoningBlocks++ }, events);
        thoughtIsOpen = true;
        return openPart;
    }

    /// <summary>Ends the part that is open, if one is.</summary>
    public void EndPart(ICollection<StreamEvent> events)
    {
        if (textIsOpen || thoughtIsOpen) events.Add(new PartEnded(Index, openPart));
        textIsOpen = thoughtIsOpen = false;
    }

    /// <summary>Number for a part that comes whole.</summary>
    public int AddPart(ICollection<StreamEvent> events)
    {
        EndPart(events);
        return parts++;
    }

    /// <summary>Numbers for citations, which do not end a text; the first of them.</summary>
    public int AddCitations(int count)
    {
        parts += count;
        return parts - count;
    }

    /// <summary>Number among the reasoning blocks for one that comes whole.</summary>
    public int AddReasoning() => reasoningBlocks++;

    private void Begin(ContentPart head, ICollection<StreamEvent> events)
    {
        EndPart(events);
        openPart = parts++;
        events.Add(new PartStarted(Index, openPart, head));
    }
}
