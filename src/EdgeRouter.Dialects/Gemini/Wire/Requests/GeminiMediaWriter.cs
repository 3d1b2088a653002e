using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes the data member of a media part, <c>inlineData</c> or <c>fileData</c>, into a part object that is already open.</summary>
internal static class GeminiMediaWriter
{
    private const int SegmentChars = 16 * 1024;
    private const string ExpectedUrl = "expected a data: URL with base64 data, a gs:// URL, a YouTube URL or a Gemini Files API URL";

    private static readonly SearchValues<char> MediaTypeChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-_");

    /// <exception cref="RouterException">400: the part cannot be expressed on this wire; names the field.</exception>
    public static void Write(Utf8JsonWriter json, ContentPart part, GeminiRequestScope scope, RequestPlace place)
    {
        switch (part)
        {
            case ImagePart image: WriteUrl(json, image.Url, scope, place); break;
            case VideoPart video: WriteUrl(json, video.Url, scope, place); break;
            case AudioPart audio: WriteAudio(json, audio, scope, place); break;
            case FilePart { FileId: { } id } when GeminiMediaUrls.FromFileId(id) is { } uri: WriteFile(json, uri); break;
            case FilePart { Data: { } data }: WriteUrl(json, data, scope, place); break;
            case FilePart:
                throw scope.Refuse(place with { Field = RequestField.FileId },
                    "expected the name or URL of a file in the Gemini Files API, or the file's data");
            default: throw scope.Refuse(place, "expected text");
        }
    }

    private static void WriteAudio(Utf8JsonWriter json, AudioPart audio, GeminiRequestScope scope, RequestPlace place)
    {
        var format = audio.Format.ToUpperInvariant() switch
        {
            "WAV" => "wav",
            "MP3" => "mp3",
            "AIFF" => "aiff",
            "AAC" => "aac",
            "OGG" => "ogg",
            "FLAC" => "flac",
            "M4A" => "m4a",
            "PCM16" or "PCM24" => "pcm",
            _ => throw scope.Refuse(place with { Field = RequestField.Format }, "expected wav, mp3, aiff, aac, ogg, flac, m4a, pcm16 or pcm24"),
        };
        if (!IsBase64(audio.Data)) throw scope.Refuse(place with { Field = RequestField.Source }, "expected base64 data");
        WriteInline(json, "audio/" + format, audio.Data);
    }

    private static void WriteUrl(Utf8JsonWriter json, string url, GeminiRequestScope scope, RequestPlace place)
    {
        if (GeminiMediaUrls.IsFetchedByProvider(url))
        {
            WriteFile(json, url);
            return;
        }
        // Any other http(s) URL should have been fetched before (NeedsInlineData); the error says which one was not.
        if (!TryParseData(url, out var mediaType, out var data)) throw scope.Refuse(place with { Field = RequestField.Source }, ExpectedUrl);
        WriteInline(json, mediaType, data);
    }

    private static bool TryParseData(string url, out ReadOnlySpan<char> mediaType, out ReadOnlySpan<char> data)
    {
        mediaType = data = default;
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !GeminiMediaUrls.IsData(url)) return false;
        var head = url.AsSpan(0, comma)["data:".Length..];
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) return false;
        mediaType = head[..head.IndexOf(';')];
        data = url.AsSpan(comma + 1);
        return mediaType.Length is > 2 and <= 127 && mediaType.Contains('/') && !mediaType.ContainsAnyExcept(MediaTypeChars) && IsBase64(data);
    }

    private static bool IsBase64(ReadOnlySpan<char> data) => !data.IsEmpty && Base64.IsValid(data);

    private static void WriteInline(Utf8JsonWriter json, ReadOnlySpan<char> mediaType, ReadOnlySpan<char> data)
    {
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, mediaType);
        json.WritePropertyName("data"u8);
        // In segments: in one piece the writer asks its output for three bytes a character at once.
        while (data.Length > SegmentChars)
        {
            json.WriteStringValueSegment(data[..SegmentChars], isFinalSegment: false);
            data = data[SegmentChars..];
        }
        json.WriteStringValueSegment(data, isFinalSegment: true);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, string uri)
    {
        json.WriteStartObject("fileData"u8);
        if (GeminiMediaUrls.MediaType(uri) is { } mediaType) json.WriteString("mimeType"u8, mediaType);
        json.WriteString("fileUri"u8, uri);
        json.WriteEndObject();
    }
}
