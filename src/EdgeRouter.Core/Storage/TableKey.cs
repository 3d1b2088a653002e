using System.Globalization;
using System.Text;

namespace EdgeRouter.Core.Storage;

/// <summary>Makes keys from any text. Stateless.</summary>
public static class TableKey
{
    private const int EscapeLength = 4;

    /// <summary>
    /// The text with every character that a key may not have, and <c>!</c> and <c>:</c>, written as <c>!</c> and four hexadecimal digits. Different
    /// texts give different keys, and no result has a <c>:</c>, which is free to separate the parts of a key.
    /// </summary>
    public static string Escape(string text)
    {
        var index = 0;
        while (index < text.Length && !NeedsEscape(text[index])) index++;
        if (index == text.Length) return text;
        var key = new StringBuilder(text.Length + 16).Append(text, 0, index);
        for (; index < text.Length; index++)
        {
            var letter = text[index];
            if (NeedsEscape(letter)) key.Append('!').Append(((int)letter).ToString("X4", CultureInfo.InvariantCulture));
            else key.Append(letter);
        }
        return key.ToString();
    }

    /// <summary>The text that <see cref="Escape"/> made a key of.</summary>
    /// <exception cref="FormatException">It is no such key.</exception>
    internal static string Unescape(string key)
    {
        if (!key.Contains('!', StringComparison.Ordinal)) return key;
        var text = new StringBuilder(key.Length);
        for (var index = 0; index < key.Length; index++)
        {
            if (key[index] != '!')
            {
                text.Append(key[index]);
                continue;
            }
            var digits = key.AsSpan(index + 1, Math.Min(EscapeLength, key.Length - index - 1));
            if (digits.Length < EscapeLength || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter))
                throw new FormatException($"Character {index} of the key begins no escape.");
            text.Append((char)letter);
            index += EscapeLength;
        }
        return text.ToString();
    }

    internal static bool IsForbidden(char letter) => letter is '/' or '\\' or '#' or '?' || char.IsControl(letter);

    private static bool NeedsEscape(char letter) => IsForbidden(letter) || char.IsSurrogate(letter) || letter is '!' or ':';
}
