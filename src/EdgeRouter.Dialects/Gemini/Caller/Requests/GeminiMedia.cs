using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>Kind of a part with data, by its media type.</summary>
internal enum GeminiMedia
{
    /// <summary>Anything else, mostly PDF.</summary>
    File,

    /// <summary>A picture.</summary>
    Image,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>A film.</summary>
    Video,
}

/// <summary>What media types mean. Stateless and thread-safe.</summary>
internal static class GeminiMediaTypes
{
    /// <summary>The kind of a media type; null: not given.</summary>
    public static GeminiMedia KindOf(string? mediaType) => mediaType switch
    {
        null => GeminiMedia.File,
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => GeminiMedia.Image,
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => GeminiMedia.Audio,
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => GeminiMedia.Video,
        _ => GeminiMedia.File,
    };

    /// <summary>What a model must take as input.</summary>
    public static InputModalities ModalityOf(GeminiMedia kind) => kind switch
    {
        GeminiMedia.Image => InputModalities.Image,
        GeminiMedia.Audio => InputModalities.Audio,
        GeminiMedia.Video => InputModalities.Video,
        _ => InputModalities.File,
    };

    /// <summary>The content model's word for the format of a sound.</summary>
    public static string FormatOf(string mediaType)
    {
        var end = mediaType.IndexOf(';', StringComparison.Ordinal);
        var subtype = mediaType["audio/".Length..(end < 0 ? mediaType.Length : end)].Trim().ToLowerInvariant();
        return subtype switch
        {
            "x-wav" or "wave" or "vnd.wave" => "wav",
            "mpeg" or "mpga" => "mp3",
            "x-aiff" => "aiff",
            "mp4" or "x-m4a" => "m4a",
            "x-flac" => "flac",
            "x-aac" => "aac",
            "l16" or "pcm" => "pcm16",
            _ => subtype,
        };
    }
}
