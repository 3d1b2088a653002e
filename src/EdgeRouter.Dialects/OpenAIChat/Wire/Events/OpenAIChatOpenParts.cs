using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// The parts of one choice: how many there are and which are open. At most one text, refusal or reasoning is; the next part ends it. Tool
/// calls stay open until the choice ends, since providers interleave the pieces of several calls.
/// </summary>
internal sealed class OpenAIChatOpenParts(int choice)
{
    /// <summary>Head of reasoning that is not divided into blocks.</summary>
    public static readonly ReasoningPart Plain = new(ReasoningKind.Plain);

    // Part numbers of the calls, by the call's number.
    private List<int>? calls;
    private ContentPart? open;
    private int openPart;
    private int endedCalls;

    /// <summary>The choice.</summary>
    public int Choice => choice;

    /// <summary>Number of the next part.</summary>
    public int Next { get; private set; }

    /// <summary>Number of the open text, or <see cref="TextDelta.NoPart"/>.</summary>
    public int OpenText => open is TextPart ? openPart : TextDelta.NoPart;

    /// <summary>The part of that head, which is one instance for all parts like it: the open one, or a new one.</summary>
    public int Continue(ContentPart head, ICollection<StreamEvent> events)
    {
        if (ReferenceEquals(open, head)) return openPart;
        return Begin(head, events);
    }

    /// <summary>The part of a block of reasoning: the open one if the block continues it, or a new one.</summary>
    /// <param name="block">A block, or a piece of one.</param>
    /// <param name="isWhole">Whether it is a whole block.</param>
    /// <param name="events">Receives ends and beginnings.</param>
    public int Continue(ReasoningPart block, bool isWhole, ICollection<StreamEvent> events)
    {
        if (!isWhole && open is ReasoningPart known && Continues(known, block)) return openPart;
        return Begin(new ReasoningPart(block.Kind) { Id = block.Id, Format = block.Format, Index = block.Index }, events);
    }

    /// <summary>Number for a part that comes whole.</summary>
    public int Add(ICollection<StreamEvent> events)
    {
        EndOpen(events);
        return Next++;
    }

    /// <summary>Assigns numbers to parts that do not end a text.</summary>
    public void Skip(int count) => Next += count;

    /// <summary>Number of the part of a call; null: the call is new.</summary>
    public int? FindCall(int call) => calls is not null && call < calls.Count ? calls[call] : null;

    /// <summary>Number for a new call. Calls are numbered in the order in which they begin.</summary>
    public int AddCall(int call, ICollection<StreamEvent> events)
    {
        EndOpen(events);
        calls ??= [];
        if (call != calls.Count) throw new InvalidOperationException("A call begins out of order.");
        calls.Add(Next);
        return Next++;
    }

    /// <summary>Ends what is open.</summary>
    public void EndAll(ICollection<StreamEvent> events)
    {
        EndOpen(events);
        for (; endedCalls < (calls?.Count ?? 0); endedCalls++) events.Add(new PartEnded(choice, calls![endedCalls]));
    }

    private int Begin(ContentPart head, ICollection<StreamEvent> events)
    {
        EndOpen(events);
        open = head;
        openPart = Next++;
        events.Add(new PartStarted(choice, openPart, head));
        return openPart;
    }

    private void EndOpen(ICollection<StreamEvent> events)
    {
        if (open is not null) events.Add(new PartEnded(choice, openPart));
        open = null;
    }

    private static bool Continues(ReasoningPart open, ReasoningPart block) =>
        open.Kind == block.Kind && block.Kind is ReasoningKind.Text or ReasoningKind.Summary && open.Index == block.Index
        && (open.Id is null || block.Id is null || open.Id.Equals(block.Id, StringComparison.Ordinal));
}
