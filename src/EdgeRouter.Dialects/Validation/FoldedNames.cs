namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// Compares the names of members as readers do that ignore case: servers in Go, whose JSON library does so and where the last of two such members
/// wins. Besides the letters of ASCII it folds the two others that become one of them: the long s, and the sign for kelvin. Stateless.
/// </summary>
internal static class FoldedNames
{
    /// <summary>Most UTF-8 bytes that stand for one letter of ASCII.</summary>
    public const int MostBytesPerLetter = 3;

    /// <summary>Whether a name is read as a known one.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known)
    {
        foreach (var letter in known)
        {
            var length = LengthOf(char.IsAsciiLetterUpper((char)letter) ? (byte)(letter | 0x20) : letter, name);
            if (length == 0) return false;
            name = name[length..];
        }
        return name.IsEmpty;
    }

    /// <summary>Bytes at the start of a name that stand for a letter; 0: others do.</summary>
    private static int LengthOf(byte letter, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return 0;
        if (name[0] == letter || (char.IsAsciiLetterUpper((char)name[0]) && (name[0] | 0x20) == letter)) return 1;
        if (letter == (byte)'s' && name.StartsWith("\u017f"u8)) return "\u017f"u8.Length;
        return letter == (byte)'k' && name.StartsWith("\u212a"u8) ? "\u212a"u8.Length : 0;
    }
}
