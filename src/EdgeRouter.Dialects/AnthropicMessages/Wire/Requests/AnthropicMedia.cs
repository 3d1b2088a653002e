using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Images and files to blocks with a source.</summary>
internal static class AnthropicMedia
{
    // a data: URL's head is "image/svg+xml;charset=utf-8;base64" at its longest; no need to search megabytes for a comma
    private const int MaxDataUrlHead = 200;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static MediaBlock FromImage(ImagePart image, AnthropicRequestScope scope, RequestPlace place)
    {
        if (IsHttp(image.Url)) return new MediaBlock("image", "url", null, image.Url.AsMemory());
        var source = new Source(scope, place with { Field = RequestField.Source });
        var (mediaType, data) = ParseDataUrl(image.Url, source);
        return FromImageData(mediaType, data, source);
    }

    public static MediaBlock FromFile(FilePart file, AnthropicRequestScope scope, RequestPlace place)
    {
        if (file.Data is null)
        {
            if (file.FileId is not { Length: > 0 } id) throw scope.Refuse(place with { Field = RequestField.Media }, "expected data or the id of a file");
            return new MediaBlock("document", "file", null, id.AsMemory()) { Title = file.FileName };
        }
        if (IsHttp(file.Data)) return new MediaBlock("document", "url", null, file.Data.AsMemory()) { Title = file.FileName };
        var source = new Source(scope, place with { Field = RequestField.Source });
        var (mediaType, data) = ParseDataUrl(file.Data, source);
        if (mediaType == "application/pdf") return new MediaBlock("document", "base64", mediaType, data) { Title = file.FileName };
        if (mediaType.StartsWith("image/", StringComparison.Ordinal)) return FromImageData(mediaType, data, source);
        if (mediaType.StartsWith("text/", StringComparison.Ordinal) || mediaType == "application/json")
            return new MediaBlock("document", "text", "text/plain", DecodeText(data.Span, source).AsMemory()) { Title = file.FileName };
        throw source.Refuse("expected a PDF, a plain text or an image");
    }

    private static MediaBlock FromImageData(string mediaType, ReadOnlyMemory<char> data, Source source) => mediaType switch
    {
        "image/png" or "image/jpeg" or "image/gif" or "image/webp" => new MediaBlock("image", "base64", mediaType, data),
        "image/jpg" => new MediaBlock("image", "base64", "image/jpeg", data),
        _ => throw source.Refuse("expected an image of type png, jpeg, gif or webp"),
    };

    private static bool IsHttp(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static (string MediaType, ReadOnlyMemory<char> Data) ParseDataUrl(string url, Source source)
    {
        const string Expected = "expected an http(s) URL or a data: URL with base64 data";
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) throw source.Refuse(Expected);
        var comma = url.AsSpan(0, Math.Min(url.Length, MaxDataUrlHead)).IndexOf(',');
        if (comma < 0) throw source.Refuse(Expected);
        var head = url.AsSpan("data:".Length, comma - "data:".Length);
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) throw source.Refuse(Expected);
        if (comma + 1 == url.Length) throw source.Refuse("expected data after the comma of the data: URL");
        return (head[..head.IndexOf(';')].Trim().ToString().ToLowerInvariant(), url.AsMemory(comma + 1));
    }

    private static string DecodeText(ReadOnlySpan<char> base64, Source source)
    {
        var bytes = new byte[base64.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var length)) throw source.Refuse("expected valid base64 data");
        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw source.Refuse("expected UTF-8 text");
        }
    }

    /// <summary>Where the URL or data comes from.</summary>
    private readonly record struct Source(AnthropicRequestScope Scope, RequestPlace Place)
    {
        public RouterException Refuse(string expected) => Scope.Refuse(Place, expected);
    }
}
