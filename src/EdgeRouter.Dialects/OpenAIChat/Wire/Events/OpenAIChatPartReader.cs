using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// Makes canonical events of the pieces of an answer: it finds out where parts begin and end. The order of a stream is that of its chunks; within a
/// chunk, and in a whole answer, where the wire has no order, it is the order in which <see cref="OpenAIChatEventParser"/> has the members. Not
/// thread-safe.
/// </summary>
/// <param name="isWhole">Whether the pieces are of a whole answer: there, no block of reasoning continues in the next.</param>
internal sealed class OpenAIChatPartReader(bool isWhole)
{
    private readonly List<OpenAIChatOpenParts> choices = [];

    /// <summary>Adds the events that the piece means.</summary>
    public void Read(in OpenAIChatPiece piece, ReadOnlySpan<byte> data, OpenAIChatEventParser parser, ICollection<StreamEvent> events)
    {
        switch (piece.Kind)
        {
            case OpenAIChatPieceKind.None:
                break;
            case OpenAIChatPieceKind.Text:
                // Log probabilities alone begin no text.
                var text = piece.Text.IsPresent ? PartsOf(piece).Continue(TextPart.Empty, events) : PartsOf(piece).OpenText;
                events.Add(piece.ToEvent(data, parser, text));
                break;
            case OpenAIChatPieceKind.Refusal:
                events.Add(piece.ToEvent(data, parser, PartsOf(piece).Continue(RefusalPart.Empty, events)));
                break;
            case OpenAIChatPieceKind.Reasoning:
                ReadReasoning(piece, data, events);
                break;
            case OpenAIChatPieceKind.ToolCall:
                ReadToolCall(piece, data, parser, events);
                break;
            case OpenAIChatPieceKind.Image:
                events.Add(piece.ToEvent(data, parser, PartsOf(piece).Add(events)));
                break;
            case OpenAIChatPieceKind.Extension when piece.Choice >= 0:
                var extension = piece.ToEvent(data, parser, PartsOf(piece).Next);
                if (extension is CitationsAdded citations) PartsOf(piece).Skip(citations.Citations.Count);
                events.Add(extension);
                break;
            case OpenAIChatPieceKind.ChoiceFinished:
                PartsOf(piece).EndAll(events);
                events.Add(piece.ToEvent(data, parser, 0));
                break;
            case OpenAIChatPieceKind.Completed:
                foreach (var parts in choices) parts.EndAll(events);
                events.Add(StreamCompleted.Instance);
                break;
            default:
                events.Add(piece.ToEvent(data, parser, 0));
                break;
        }
    }

    private void ReadReasoning(in OpenAIChatPiece piece, ReadOnlySpan<byte> data, ICollection<StreamEvent> events)
    {
        var block = piece.BlockIn(data);
        var parts = PartsOf(piece);
        var part = block is null ? parts.Continue(OpenAIChatOpenParts.Plain, events) : parts.Continue(block, isWhole, events);
        events.Add(new ReasoningDelta(piece.Choice, part, piece.Text.TextIn(data), block));
    }

    private void ReadToolCall(in OpenAIChatPiece piece, ReadOnlySpan<byte> data, OpenAIChatEventParser parser, ICollection<StreamEvent> events)
    {
        var parts = PartsOf(piece);
        if (parts.FindCall(piece.Index) is { } known) events.Add(piece.ToEvent(data, parser, known));
        else events.Add(new PartStarted(piece.Choice, parts.AddCall(piece.Index, events), piece.ToCall(data)));
    }

    private OpenAIChatOpenParts PartsOf(in OpenAIChatPiece piece)
    {
        foreach (var parts in choices)
            if (parts.Choice == piece.Choice) return parts;
        var added = new OpenAIChatOpenParts(piece.Choice);
        choices.Add(added);
        return added;
    }
}
