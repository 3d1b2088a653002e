using System.Buffers.Text;

namespace EdgeRouter.Dialects.Validation;

/// <summary>Arithmetic over JSON string escapes, without unescaping.</summary>
internal static class JsonEscapes
{
    /// <summary>
    /// UTF-8 length that the (well-formed) escaped string will have; -1 when an escape is half of a surrogate pair, which no UTF-8 text can hold.
    /// </summary>
    public static int UnescapedLength(ReadOnlySpan<byte> escaped)
    {
        var length = 0;
        while (true)
        {
            var backslash = escaped.IndexOf((byte)'\\');
            if (backslash < 0) return length + escaped.Length;
            length += backslash;
            escaped = escaped[backslash..];
            if (escaped[1] != (byte)'u')
            {
                length++;
                escaped = escaped[2..];
                continue;
            }
            var unit = CodeUnit(escaped);
            escaped = escaped[6..];
            if (char.IsHighSurrogate(unit))
            {
                if (escaped.Length < 6 || escaped[0] != (byte)'\\' || escaped[1] != (byte)'u' || !char.IsLowSurrogate(CodeUnit(escaped))) return -1;
                escaped = escaped[6..];
                length += 4;
            }
            else if (char.IsLowSurrogate(unit)) return -1;
            else length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        }
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape)
    {
        _ = Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x');
        return (char)unit;
    }
}
