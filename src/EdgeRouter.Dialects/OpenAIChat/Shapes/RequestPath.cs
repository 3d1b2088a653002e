using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Shapes;

/// <summary>
/// Names the place of a token, as in <c>messages[2].content[0].image_url.url</c>. The path is found by reading the body again up to that token, so that good requests
/// pay nothing for it.
/// </summary>
internal static class RequestPath
{
    private const int MaxKeyLength = 64;

    /// <summary>Path of the value or key that starts at <paramref name="offset"/>; empty for the root.</summary>
    public static string At(ReadOnlySpan<byte> body, int offset)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestCursor.MaxDepth });
        var frames = new (string? Key, int Index)[RequestCursor.MaxDepth + 1];
        var depth = 0;
        while (reader.Read())
        {
            var token = reader.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                continue;
            }
            if (token == JsonTokenType.PropertyName) frames[depth].Key = KeyText(reader.ValueSpan);
            else if (frames[depth].Key is null) frames[depth].Index++;
            if (reader.TokenStartIndex >= offset) return Render(frames.AsSpan(1, depth));
            if (token == JsonTokenType.StartObject) frames[++depth] = ("", -1);
            else if (token == JsonTokenType.StartArray) frames[++depth] = (null, -1);
        }
        return "";
    }

    /// <summary>A key as it may be shown: as written, bounded, without control characters.</summary>
    public static string KeyText(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return text.Length <= MaxKeyLength ? text : text[..MaxKeyLength] + "...";
    }

    private static string Render(ReadOnlySpan<(string? Key, int Index)> frames)
    {
        var path = new StringBuilder();
        foreach (var (key, index) in frames)
        {
            if (key is null) path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else path.Append(path.Length > 0 ? "." : "").Append(key);
        }
        return path.ToString();
    }
}
