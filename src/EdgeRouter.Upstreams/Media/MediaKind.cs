namespace EdgeRouter.Upstreams.Media;

/// <summary>What a caller's URL is meant to lead to.</summary>
public enum MediaKind
{
    /// <summary>PNG, JPEG, GIF or WebP.</summary>
    Image,

    /// <summary>PDF, a text format, or an image.</summary>
    File,

    /// <summary>MP4, QuickTime, WebM, MPEG or AVI.</summary>
    Video,
}
