namespace EdgeRouter.Upstreams.Media;

/// <summary>The expected kind of content of a caller's URL.</summary>
public enum MediaKind
{
    /// <summary>PNG, JPEG, GIF or WebP.</summary>
    Image,

    /// <summary>PDF, a text format, or an image.</summary>
    File,

    /// <summary>MP4, QuickTime, WebM, MPEG or AVI.</summary>
    Video,
}
