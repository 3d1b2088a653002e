using System.Text;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// Joins a continued text to its beginning. Providers refuse a beginning that ends in white space, so it is sent without that space, and models then
/// generate it again. Some providers repeat the whole beginning. Both are removed from what follows. Not thread-safe.
/// </summary>
public sealed class TextSeam
{
    private readonly string space;
    private readonly StringBuilder held = new();
    private bool mayRepeat;
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
        var rest = held.ToString();
        // The whole beginning and nothing else: the provider repeated it and had nothing to add.
        return rest == Beginning ? "" : TakeSpace(rest);
    }

    private string TakeRepeated(string piece)
    {
        held.Append(piece);
        var all = held.ToString();
        if (all.Length <= Beginning.Length && Beginning.StartsWith(all, StringComparison.Ordinal)) return "";
        mayRepeat = false;
        held.Clear();
        return TakeSpace(all.StartsWith(Beginning, StringComparison.Ordinal) ? all[Beginning.Length..] : all);
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
