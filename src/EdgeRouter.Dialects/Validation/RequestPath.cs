using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// Names the place of a token, as in <c>messages[2].content[0].image_url.url</c>. The path is found by reading the body again up to that token, so
/// that valid requests cost nothing extra.
/// </summary>
internal static class RequestPath
{
    private const int MaxKeyLength = 64;

    /// <summary>Path of the value or key that starts at <paramref name="offset"/>; empty for the root.</summary>
    public static string At(ReadOnlySpan<byte> body, int offset)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestCursor.MaxDepth });
        Span<Frame> frames = stackalloc Frame[RequestCursor.MaxDepth + 1];
        frames.Clear();
        var depth = 0;
        while (reader.Read())
        {
            var token = reader.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                continue;
            }
            if (token == JsonTokenType.PropertyName)
                frames[depth] = frames[depth] with { KeyStart = (int)reader.TokenStartIndex + 1, KeyLength = reader.ValueSpan.Length };
            else frames[depth] = frames[depth] with { Index = frames[depth].Index + 1 };
            if (reader.TokenStartIndex >= offset) return Render(frames.Slice(1, depth), body);
            if (token is JsonTokenType.StartObject or JsonTokenType.StartArray) frames[++depth] = new Frame(token == JsonTokenType.StartArray, 0, 0, -1);
        }
        return "";
    }

    /// <summary>A key or word as it may be shown: bounded, and without its escapes unless one of them stands for a control character.</summary>
    public static string KeyText(ReadOnlySpan<byte> key)
    {
        // A character takes at most 12 bytes, so that what is cut off here is cut off below anyway.
        var most = 12 * (MaxKeyLength + 1);
        var written = Encoding.UTF8.GetString(key[..Math.Min(key.Length, most)]);
        var text = key.Length > most || !written.Contains('\\') ? written : JsonStrings.Decode(key);
        if (text.AsSpan().ContainsAnyInRange('\0', '\x1F')) text = written;
        return text.Length <= MaxKeyLength ? text : text[..MaxKeyLength] + "...";
    }

    private static string Render(ReadOnlySpan<Frame> frames, ReadOnlySpan<byte> body)
    {
        var path = new StringBuilder();
        foreach (var frame in frames)
        {
            if (frame.IsArray) path.Append(CultureInfo.InvariantCulture, $"[{frame.Index}]");
            else path.Append(path.Length > 0 ? "." : "").Append(KeyText(body.Slice(frame.KeyStart, frame.KeyLength)));
        }
        return path.ToString();
    }

    private readonly record struct Frame(bool IsArray, int KeyStart, int KeyLength, int Index);
}
