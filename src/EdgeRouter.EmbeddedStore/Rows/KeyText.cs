using System.Text;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>
/// Keys as bytes whose order is that of the keys' characters: UTF-8, but each half of a surrogate pair by itself (CESU-8). SQLite compares bytes, and
/// in UTF-8 a pair comes after U+FFFF, where the ordinal order has it before U+E000.
/// </summary>
internal static class KeyText
{
    private const int BytesPerCharacter = 3;
    private const byte SurrogateLead = 0xED;

    /// <summary>Most bytes of a key with so many characters.</summary>
    public static int MaxBytes(int characters) => characters * BytesPerCharacter;

    /// <summary>Writes the key. Returns the number of bytes.</summary>
    public static int Write(ReadOnlySpan<char> key, Span<byte> bytes)
    {
        var written = 0;
        while (true)
        {
            var surrogate = key.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (surrogate < 0) return written + Encoding.UTF8.GetBytes(key, bytes[written..]);
            written += Encoding.UTF8.GetBytes(key[..surrogate], bytes[written..]);
            bytes[written++] = SurrogateLead;
            bytes[written++] = (byte)(0x80 | ((key[surrogate] >> 6) & 0x3F));
            bytes[written++] = (byte)(0x80 | (key[surrogate] & 0x3F));
            key = key[(surrogate + 1)..];
        }
    }

    /// <summary>Reads a key back.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        if (NextSurrogate(bytes) < 0) return Encoding.UTF8.GetString(bytes);
        var key = new StringBuilder(bytes.Length);
        while (true)
        {
            var surrogate = NextSurrogate(bytes);
            key.Append(Encoding.UTF8.GetString(surrogate < 0 ? bytes : bytes[..surrogate]));
            if (surrogate < 0) return key.ToString();
            key.Append((char)(0xD000 | ((bytes[surrogate + 1] & 0x3F) << 6) | (bytes[surrogate + 2] & 0x3F)));
            bytes = bytes[(surrogate + BytesPerCharacter)..];
        }
    }

    // U+D800 to U+DFFF: the lead byte, then one from 0xA0 on.
    private static int NextSurrogate(ReadOnlySpan<byte> bytes)
    {
        for (var start = 0; start + 2 < bytes.Length; start++)
        {
            var lead = bytes[start..].IndexOf(SurrogateLead);
            if (lead < 0 || start + lead + 2 >= bytes.Length) return -1;
            start += lead;
            if (bytes[start + 1] >= 0xA0) return start;
        }
        return -1;
    }
}
