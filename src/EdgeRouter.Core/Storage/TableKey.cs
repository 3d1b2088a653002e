using System.Globalization;
using System.Text;

namespace EdgeRouter.Core.Storage;

/// <summary>Makes keys from any text. Stateless.</summary>
public static class TableKey
{
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

    internal static bool IsForbidden(char letter) => letter is '/' or '\\' or '#' or '?' || char.IsControl(letter);

    private static bool NeedsEscape(char letter) => IsForbidden(letter) || char.IsSurrogate(letter) || letter is '!' or ':';
}
