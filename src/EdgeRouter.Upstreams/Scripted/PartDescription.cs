using System.Globalization;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Describes the content parts that arrived, so that a test sees them through the router. Pure.</summary>
internal static class PartDescription
{
    /// <summary>For example <c>text 5 bytes; image image/png 70 bytes; file application/pdf 1200 bytes</c>.</summary>
    public static string OfLastUserTurn(ChatRequest request) =>
        request.Messages.LastOrDefault(message => message.Role == ChatRole.User) is { Content.Count: > 0 } last
            ? string.Join("; ", last.Content.Select(Describe)) : "no parts";

    private static string Describe(ContentPart part) => part switch
    {
        TextPart text => Invariant($"text {System.Text.Encoding.UTF8.GetByteCount(text.Text)} bytes"),
        ImagePart image => "image " + Source(image.Url),
        VideoPart video => "video " + Source(video.Url),
        AudioPart audio => Invariant($"audio {audio.Format} {DecodedLength(audio.Data)} bytes"),
        FilePart { Data: { } data } => "file " + Source(data),
        FilePart file => "file id " + file.FileId,
        _ => part.GetType().Name,
    };

    private static string Source(string url)
    {
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return "at a URL";
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0) return "of a broken data URL";
        var mediaType = url[5..comma].Split(';')[0];
        return Invariant($"{mediaType} {DecodedLength(url.AsSpan(comma + 1))} bytes");
    }

    private static long DecodedLength(ReadOnlySpan<char> base64) => base64.TrimEnd('=').Length * 3L / 4;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
