using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace EdgeRouter.Dialects.Json;

/// <summary>
/// JSON string contents as bytes, without the surrounding quotes. There is one spelling only, so that the fast and the canonical path give the same bytes:
/// <c>"</c>, <c>\</c> and control characters are escaped, a lone surrogate stays a <c>\udxxx</c> escape (providers split emoji between events, and clients
/// join them again), all else is plain UTF-8.
/// </summary>
internal static class JsonStrings
{
    private static readonly SearchValues<char> MustEscape =
        SearchValues.Create("\"\\" + string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)));

    /// <summary>Writes text.</summary>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(MustEscape);
            if (plain < 0) plain = text.Length;
            WritePlain(text[..plain], output);
            if (plain == text.Length) return;
            WriteEscape(text[plain], output);
            text = text[(plain + 1)..];
        }
    }

    /// <summary>Writes the content of a string of valid JSON, with its escapes in the one spelling. Without escapes this is a copy.</summary>
    public static void WriteRaw(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            output.Write(raw[..plain]);
            if (plain == raw.Length) return;
            var rune = ReadEscape(raw[plain..], out var consumed);
            WriteCodePoint(rune, output);
            raw = raw[(plain + consumed)..];
        }
    }

    /// <summary>Feeds the text of a JSON string's content to a grammar.</summary>
    public static void Feed(ReadOnlySpan<byte> raw, ref JsonGrammar grammar)
    {
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            foreach (var code in raw[..plain]) grammar.Take(code);
            if (plain == raw.Length) return;
            grammar.Take(ReadEscape(raw[plain..], out var consumed));
            raw = raw[(plain + consumed)..];
        }
    }

    /// <summary>Decodes the content of a string of valid JSON. Lone surrogates are kept.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            text.Append(Encoding.UTF8.GetString(raw[..plain]));
            if (plain == raw.Length) break;
            var rune = ReadEscape(raw[plain..], out var consumed);
            if (rune > char.MaxValue) text.Append(char.ConvertFromUtf32(rune));
            else text.Append((char)rune);
            raw = raw[(plain + consumed)..];
        }
        return text.ToString();
    }

    /// <summary>Length of the decoded text in UTF-8; a lone surrogate counts as the three bytes of U+FFFD, as <see cref="Encoding.UTF8"/> counts it.</summary>
    public static int DecodedLength(ReadOnlySpan<byte> raw)
    {
        var length = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) return length + raw.Length;
            var rune = ReadEscape(raw[plain..], out var consumed);
            length += plain + rune switch { < 0x80 => 1, < 0x800 => 2, < 0x10000 => 3, _ => 4 };
            raw = raw[(plain + consumed)..];
        }
        return length;
    }

    private static void WritePlain(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var span = output.GetSpan(Math.Min(text.Length, 1024) * 3);
            // A pair may not be cut by the end of a slice, so the whole rest is offered, and the size of the writer's span limits it.
            var status = Utf8.FromUtf16(text, span, out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);
            text = text[read..];
            if (status != OperationStatus.InvalidData) continue;
            WriteCodePoint(text[0], output);
            text = text[1..];
        }
    }

    private static void WriteCodePoint(int code, IBufferWriter<byte> output)
    {
        if (code is < 0x20 or '"' or '\\' || code <= char.MaxValue && char.IsSurrogate((char)code))
        {
            WriteEscape((char)code, output);
            return;
        }
        output.Advance(new Rune(code).EncodeToUtf8(output.GetSpan(4)));
    }

    private static void WriteEscape(char code, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(6);
        span[0] = (byte)'\\';
        var letter = code switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => 'u' };
        span[1] = (byte)letter;
        if (letter != 'u')
        {
            output.Advance(2);
            return;
        }
        for (var i = 0; i < 4; i++) span[2 + i] = "0123456789abcdef"u8[(code >> (12 - 4 * i)) & 0xF];
        output.Advance(6);
    }

    /// <summary>Reads the escape at the start of <paramref name="raw"/>; a surrogate pair is one code point.</summary>
    private static int ReadEscape(ReadOnlySpan<byte> raw, out int consumed)
    {
        consumed = 2;
        switch (raw[1])
        {
            case (byte)'b': return '\b';
            case (byte)'f': return '\f';
            case (byte)'n': return '\n';
            case (byte)'r': return '\r';
            case (byte)'t': return '\t';
            case (byte)'u': break;
            default: return raw[1];
        }
        consumed = 6;
        var first = ReadHex(raw[2..]);
        if (!char.IsHighSurrogate((char)first) || raw.Length < 12 || raw[6] != '\\' || raw[7] != 'u') return first;
        var second = ReadHex(raw[8..]);
        if (!char.IsLowSurrogate((char)second)) return first;
        consumed = 12;
        return char.ConvertToUtf32((char)first, (char)second);
    }

    private static int ReadHex(ReadOnlySpan<byte> digits)
    {
        if (!Utf8Parser.TryParse(digits[..4], out ushort value, out _, 'x'))
            throw new ArgumentException("An escape without four hexadecimal digits.", nameof(digits));
        return value;
    }
}
