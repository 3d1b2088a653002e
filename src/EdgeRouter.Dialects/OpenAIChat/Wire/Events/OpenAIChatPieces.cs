using System.Buffers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>
/// The pieces of one event, in a pooled array that is given back between events, and what all events of an answer have in common. Not thread-safe.
/// </summary>
internal sealed class OpenAIChatPieces
{
    private const int FewPieces = 16;

    private OpenAIChatPiece[] pieces = [];
    private int count;

    /// <summary>The pieces. Their ranges are in the event's data.</summary>
    public ReadOnlySpan<OpenAIChatPiece> All => pieces.AsSpan(0, count);

    /// <summary>Whether they are of a whole answer, not of an event of a stream.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The provider's id of the answer, as in its JSON; empty: not known.</summary>
    public byte[] AnswerId { get; set; } = [];

    /// <summary>Adds a piece. The reference is valid until the next one is added.</summary>
    public ref OpenAIChatPiece Add(OpenAIChatPieceKind kind)
    {
        if (count == pieces.Length) Grow();
        pieces[count] = new OpenAIChatPiece { Kind = kind };
        return ref pieces[count++];
    }

    /// <summary>Adds a piece of a choice with a text.</summary>
    public ref OpenAIChatPiece AddText(OpenAIChatPieceKind kind, int choice, JsonRange text)
    {
        ref var piece = ref Add(kind);
        (piece.Choice, piece.Text) = (choice, text);
        return ref piece;
    }

    /// <summary>Replaces the first piece.</summary>
    public void SetFirst(in OpenAIChatPiece piece) => pieces[0] = piece;

    /// <summary>Removes all but the first piece.</summary>
    public void KeepFirst() => count = 1;

    /// <summary>Turns all pieces of a kind into pieces of nothing.</summary>
    public void Blank(OpenAIChatPieceKind kind)
    {
        foreach (ref var piece in pieces.AsSpan(0, count))
            if (piece.Kind == kind) piece.Kind = OpenAIChatPieceKind.None;
    }

    /// <summary>Removes the pieces.</summary>
    public void Clear() => count = 0;

    /// <summary>Removes the pieces and gives their memory back. So a stream that waits holds none.</summary>
    public void Release()
    {
        count = 0;
        if (pieces.Length > 0) ArrayPool<OpenAIChatPiece>.Shared.Return(pieces, clearArray: true);
        pieces = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<OpenAIChatPiece>.Shared.Rent(Math.Max(FewPieces, count * 2));
        pieces.AsSpan(0, count).CopyTo(larger);
        if (pieces.Length > 0) ArrayPool<OpenAIChatPiece>.Shared.Return(pieces, clearArray: true);
        pieces = larger;
    }
}
