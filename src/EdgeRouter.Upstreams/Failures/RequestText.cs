using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>Searches the texts of a request that was sent to a provider. Only failed attempts need it. Thread-safe.</summary>
internal static class RequestText
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// Whether a text or a member name of the request contains an ASCII phrase, ignoring case and however its JSON spells it. A body that is not JSON
    /// is searched as it is.
    /// </summary>
    public static bool Contains(ReadOnlySpan<byte> request, string phrase)
    {
        Span<byte> ascii = stackalloc byte[phrase.Length];
        Encoding.ASCII.GetBytes(phrase, ascii);
        var reader = new Utf8JsonReader(request, Options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) continue;
                if (reader.ValueIsEscaped ? ContainsUnescaped(ref reader, ascii) : ContainsIgnoringCase(reader.ValueSpan, ascii)) return true;
            }
            return false;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not Unicode.
            return ContainsIgnoringCase(request, ascii);
        }
    }

    private static bool ContainsUnescaped(scoped ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> phrase)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return ContainsIgnoringCase(buffer.AsSpan(0, reader.CopyString(buffer)), phrase);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool ContainsIgnoringCase(ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> phrase)
    {
        var isLetter = char.IsAsciiLetter((char)phrase[0]);
        var lower = isLetter ? (byte)(phrase[0] | 0x20) : phrase[0];
        var upper = isLetter ? (byte)(phrase[0] & ~0x20) : phrase[0];
        while (text.Length >= phrase.Length)
        {
            var at = text.IndexOfAny(lower, upper);
            if (at < 0 || text.Length - at < phrase.Length) return false;
            if (Ascii.EqualsIgnoreCase(text.Slice(at, phrase.Length), phrase)) return true;
            text = text[(at + 1)..];
        }
        return false;
    }
}
