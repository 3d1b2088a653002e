using System.Globalization;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>Names of documents: the wire requires one, unlike those before it, of letters, digits, single spaces, hyphens and brackets.</summary>
internal static class ConverseDocumentName
{
    private const int MaxLength = 180;

    /// <summary>A permitted name.</summary>
    /// <param name="title">The caller's name; null: none.</param>
    /// <param name="number">Number of the document in the request, from 1. It makes the name unlike others.</param>
    public static string Of(string? title, int number)
    {
        Span<char> name = stackalloc char[MaxLength];
        var length = 0;
        foreach (var character in title ?? "")
        {
            if (length == MaxLength) break;
            var permitted = char.IsAsciiLetterOrDigit(character) || character is '-' or '(' or ')' or '[' or ']' ? character : ' ';
            if (permitted != ' ' || (length > 0 && name[length - 1] != ' ')) name[length++] = permitted;
        }
        var kept = name[..length].TrimEnd(' ');
        return string.Create(CultureInfo.InvariantCulture, $"{(kept.IsEmpty ? "document" : kept)} {number}");
    }
}
