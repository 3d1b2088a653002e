namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Distinguishes the URLs that the provider fetches itself from those whose bytes must be sent inside the request.</summary>
internal static class GeminiMediaUrls
{
    private const string FilesHost = "https://generativelanguage.googleapis.com/";
    private const string FilesApi = FilesHost + "v1beta/";

    public static bool IsData(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for an http(s) URL that the provider does not fetch.</summary>
    public static bool MustBeFetched(string url) => IsHttp(url) && !IsFetchedByProvider(url);

    /// <summary>True for Cloud Storage objects, YouTube videos and files uploaded to the Gemini Files API.</summary>
    public static bool IsFetchedByProvider(string url)
    {
        if (url.StartsWith("gs://", StringComparison.OrdinalIgnoreCase)) return true;
        if (!IsHttp(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri)) return false;
        return uri.Host switch
        {
            "youtube.com" or "www.youtube.com" or "m.youtube.com" or "youtu.be" => true,
            "generativelanguage.googleapis.com" => uri.AbsolutePath.Contains("/files/", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>True for files that only this provider's own account can read: Cloud Storage objects, and what was uploaded to the Gemini Files API.</summary>
    public static bool IsStoredAtProvider(string url) => url.StartsWith("gs://", StringComparison.OrdinalIgnoreCase)
        || (url.StartsWith(FilesHost, StringComparison.OrdinalIgnoreCase) && IsFetchedByProvider(url));

    /// <summary>The URI of a file at the provider: its URL, or made from its name <c>files/...</c>; null: not an id of this provider.</summary>
    public static string? FromFileId(string id) =>
        id.StartsWith("files/", StringComparison.Ordinal) ? FilesApi + id : IsFetchedByProvider(id) ? id : null;

    /// <summary>Media type by file extension, which Cloud Storage objects need; null: not known, the provider detects it.</summary>
    public static string? MediaType(string url)
    {
        var dot = url.LastIndexOf('.');
        return dot < 0 ? null : url[(dot + 1)..].ToUpperInvariant() switch
        {
            "PNG" => "image/png",
            "JPG" or "JPEG" => "image/jpeg",
            "WEBP" => "image/webp",
            "GIF" => "image/gif",
            "HEIC" => "image/heic",
            "PDF" => "application/pdf",
            "TXT" => "text/plain",
            "MP4" => "video/mp4",
            "MOV" => "video/quicktime",
            "WEBM" => "video/webm",
            "MP3" => "audio/mp3",
            "WAV" => "audio/wav",
            "FLAC" => "audio/flac",
            "OGG" => "audio/ogg",
            _ => null,
        };
    }

    private static bool IsHttp(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
