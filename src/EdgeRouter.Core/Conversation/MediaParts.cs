using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>An image.</summary>
/// <param name="Url">An http(s) URL, or a <c>data:</c> URL with base64 data.</param>
/// <param name="Detail">auto, low, high, original or null.</param>
public sealed record ImagePart(string Url, string? Detail = null) : ContentPart
{
    /// <summary>Whether the model made it, in this answer or in an earlier turn.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>A generated image as a caller of the chat API returned it; null: it comes from another wire.</summary>
    public JsonElement? Json { get; init; }
}

/// <summary>Audio.</summary>
/// <param name="Data">Base64.</param>
/// <param name="Format">wav, mp3, aiff, aac, ogg, flac, m4a, pcm16 or pcm24.</param>
public sealed record AudioPart(string Data, string Format) : ContentPart;

/// <summary>A video.</summary>
/// <param name="Url">An http(s) or <c>data:</c> URL.</param>
public sealed record VideoPart(string Url) : ContentPart;

/// <summary>A file, mostly PDF. At least one of <paramref name="Data"/> and <paramref name="FileId"/> is set.</summary>
/// <param name="FileName">Name, if given.</param>
/// <param name="Data">An http(s) URL, or a <c>data:</c> URL with base64 data.</param>
/// <param name="FileId">Id of a file at the provider.</param>
public sealed record FilePart(string? FileName, string? Data, string? FileId) : ContentPart;
