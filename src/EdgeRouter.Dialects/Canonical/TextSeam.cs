namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// Joins a continued text to its beginning. Providers refuse a beginning that ends in white space, so it is sent without that space, and models then
/// generate it again. Some providers repeat the whole beginning. Both are removed from what follows. Not thread-safe.
/// </summary>
public sealed class TextSeam
{
    private readonly string space;
    private bool mayRepeat;
    // Characters of the beginning that were held back because the provider repeated them.
    private int repeated;
    private int spaceSeen;

    /// <summary>A seam at the end of <paramref name="text"/>.</summary>
    /// <param name="text">What the caller has.</param>
    /// <param name="repeats">Whether the provider begins its answer with what it was sent.</param>
    public TextSeam(string text, bool repeats)
    {
        Beginning = text.TrimEnd();
        space = text[Beginning.Length..];
        mayRepeat = repeats && Beginning.Length > 0;
    }

    /// <summary>What is sent to the provider: the text without the white space at its end.</summary>
    public string Beginning { get; }

    /// <summary>The part of a piece that is new to the caller; empty: none, or not known yet.</summary>
    public string Take(string piece) => mayRepeat ? TakeRepeated(piece) : TakeSpace(piece);

    /// <summary>What was held back and is new after all, when nothing more comes.</summary>
    public string End()
    {
        if (!mayRepeat) return "";
        mayRepeat = false;
        // The whole beginning and nothing else: the provider repeated it and had nothing to add.
        return repeated == Beginning.Length ? "" : TakeSpace(Beginning[..repeated]);
    }

    private string TakeRepeated(string piece)
    {
        var overlap = Math.Min(piece.Length, Beginning.Length - repeated);
        if (piece.AsSpan(0, overlap).SequenceEqual(Beginning.AsSpan(repeated, overlap)))
        {
            repeated += overlap;
            if (overlap == piece.Length) return "";
            mayRepeat = false;
            return TakeSpace(piece[overlap..]);
        }
        mayRepeat = false;
        return TakeSpace(Beginning[..repeated] + piece);
    }

    private string TakeSpace(string piece)
    {
        var known = 0;
        while (known < piece.Length && spaceSeen < space.Length && piece[known] == space[spaceSeen])
        {
            known++;
            spaceSeen++;
        }
        if (known < piece.Length) spaceSeen = space.Length;
        return known == 0 ? piece : piece[known..];
    }
}
