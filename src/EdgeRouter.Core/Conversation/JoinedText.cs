using System.Text;

namespace EdgeRouter.Core.Conversation;

/// <summary>A text that comes in pieces, mostly one; only more than one is copied, each once. Changed in place; not thread-safe.</summary>
public struct JoinedText
{
    private string? first;
    private StringBuilder? all;

    /// <summary>Whether there was no piece.</summary>
    public readonly bool IsNone => first is null;

    /// <summary>The pieces as one; null: there was none.</summary>
    public readonly string? Value => all?.ToString() ?? first;

    /// <summary>Adds a piece; null is none.</summary>
    public void Add(string? piece)
    {
        if (piece is null) return;
        if (first is null) first = piece;
        else (all ??= new StringBuilder(first)).Append(piece);
    }

    /// <summary>The pieces as one; empty: there was none.</summary>
    public override readonly string ToString() => Value ?? "";
}
