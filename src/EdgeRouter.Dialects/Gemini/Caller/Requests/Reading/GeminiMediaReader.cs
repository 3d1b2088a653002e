using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>Reads pictures, sounds, films and files. Stateless and thread-safe.</summary>
internal static class GeminiMediaReader
{
    /// <summary>Reads the data of a part; null: it has none.</summary>
    public static ContentPart? Read(JsonElement part)
    {
        if (part.Member(Keys.InlineData) is { } data) return ReadInline(data);
        return part.Member(Keys.FileData) is { } file ? ReadFile(file) : null;
    }

    /// <summary>Reads a picture that the model made; null: it made none that the content model has a place for.</summary>
    public static ImagePart? ReadGenerated(JsonElement part) => Read(part) is ImagePart image ? image with { IsGenerated = true } : null;

    private static ContentPart ReadInline(JsonElement data)
    {
        var (type, base64) = (data.Text(Keys.MimeType)!, data.Text(Keys.Data)!);
        // The bytes may be in the alphabet of URLs.
        var url = $"data:{type};base64,{base64.Replace('-', '+').Replace('_', '/')}";
        return GeminiMediaTypes.KindOf(type) switch
        {
            GeminiMedia.Image => new ImagePart(url),
            GeminiMedia.Audio => new AudioPart(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..], GeminiMediaTypes.FormatOf(type)),
            GeminiMedia.Video => new VideoPart(url),
            _ => new FilePart(data.Text(Keys.DisplayName), url, null),
        };
    }

    private static ContentPart ReadFile(JsonElement file)
    {
        var uri = file.Text(Keys.FileUri)!;
        return GeminiMediaTypes.KindOf(file.Text(Keys.MimeType) ?? GeminiMediaUrls.MediaType(uri)) switch
        {
            GeminiMedia.Image => new ImagePart(uri),
            GeminiMedia.Video => new VideoPart(uri),
            _ => new FilePart(file.Text(Keys.DisplayName), uri, null),
        };
    }
}
