using System.Collections.Frozen;

namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// Finds the media type of fetched bytes. Binary formats by their first bytes, never by the declared type; text formats, which have no signature, by
/// the declared type.
/// </summary>
internal static class MediaTypes
{
    private static readonly FrozenSet<string> Texts = new[]
    {
        "text/plain", "text/html", "text/css", "text/csv", "text/markdown", "text/xml", "text/javascript", "application/json", "application/xml",
            "application/rtf", "text/rtf",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type, if it is one that the kind permits; null otherwise.</summary>
    public static string? Find(MediaKind kind, ReadOnlySpan<byte> bytes, string? declared) => kind switch
    {
        MediaKind.Image => Image(bytes),
        MediaKind.Video => Video(bytes),
        _ => Image(bytes) ?? (bytes.StartsWith("%PDF-"u8) ? "application/pdf" : Text(bytes, declared)),
    };

    private static string? Image(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)) return "image/gif";
        return IsRiff(bytes, "WEBP"u8) ? "image/webp" : null;
    }

    private static string? Video(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12 && bytes.Slice(4, 4).SequenceEqual("ftyp"u8)) return bytes.Slice(8, 4).SequenceEqual("qt  "u8) ? "video/quicktime" : "video/mp4";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return "video/webm";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]) || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xB3])) return "video/mpeg";
        return IsRiff(bytes, "AVI "u8) ? "video/x-msvideo" : null;
    }

    private static string? Text(ReadOnlySpan<byte> bytes, string? declared) =>
        declared is not null && Texts.TryGetValue(declared, out var known) && bytes.IndexOf((byte)0) < 0 ? known : null;

    private static bool IsRiff(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> form) =>
        bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes.Slice(8, 4).SequenceEqual(form);
}
