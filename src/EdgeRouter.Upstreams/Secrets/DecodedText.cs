using System.Globalization;

namespace EdgeRouter.Upstreams.Secrets;

/// <summary>
/// A text with its escapes resolved (JSON, percent and HTML, also one inside the other), in which each character knows the range of the original that
/// it stands for. So that a secret is found however it is spelled, and its own spelling is what is cut out.
/// </summary>
internal sealed class DecodedText
{
    /// <summary>An escape inside an escape inside an escape inside an escape is read; what is nested deeper is no accident of a provider.</summary>
    private const int MostPasses = 4;

    private char[] chars;
    private int[] starts;
    private int[] ends;

    private DecodedText(string original)
    {
        chars = original.ToCharArray();
        starts = new int[chars.Length];
        ends = new int[chars.Length];
        for (var i = 0; i < chars.Length; i++) (starts[i], ends[i]) = (i, i + 1);
    }

    /// <summary>The text without escapes.</summary>
    public string Text => new(chars);

    /// <summary>Resolves the escapes of a text.</summary>
    public static DecodedText Of(string original)
    {
        var decoded = new DecodedText(original);
        for (var pass = 0; pass < MostPasses && decoded.TryResolve(); pass++)
        {
        }
        return decoded;
    }

    /// <summary>The range of the original that characters of <see cref="Text"/> stand for.</summary>
    public (int Start, int End) InOriginal(int index, int length) => (starts[index], ends[index + length - 1]);

    /// <summary>Resolves one level; false: there was none.</summary>
    private bool TryResolve()
    {
        var length = 0;
        var (had, from, to) = (chars, starts, ends);
        var (has, newFrom, newTo) = (new char[had.Length], new int[had.Length], new int[had.Length]);
        for (var i = 0; i < had.Length;)
        {
            var (letter, taken) = Read(had.AsSpan(i));
            (has[length], newFrom[length], newTo[length]) = (letter, from[i], to[i + taken - 1]);
            length++;
            i += taken;
        }
        if (length == had.Length) return false;
        (chars, starts, ends) = (has[..length], newFrom[..length], newTo[..length]);
        return true;
    }

    /// <summary>The first character, and how many it was written with.</summary>
    private static (char Letter, int Taken) Read(ReadOnlySpan<char> text) => text switch
    {
        ['\\', 'u' or 'U', ..] when Hex(text, 2, 4) is { } code => ((char)code, 6),
        ['\\', '/' or '\\' or '"', ..] => (text[1], 2),
        ['%', ..] when Hex(text, 1, 2) is { } code && code is >= 0x20 and < 0x7f => ((char)code, 3),
        ['&', '#', 'x' or 'X', ..] when text.IndexOf(';') is > 3 and <= 7 and var end && Hex(text, 3, end - 3) is { } code => ((char)code, end + 1),
        ['&', '#', ..] when text.IndexOf(';') is > 2 and <= 7 and var end
            && ushort.TryParse(text[2..end], NumberStyles.None, CultureInfo.InvariantCulture, out var code) => ((char)code, end + 1),
        _ => (text[0], 1),
    };

    private static int? Hex(ReadOnlySpan<char> text, int start, int digits) => text.Length >= start + digits
        && int.TryParse(text.Slice(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : null;
}
