using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Sse;

/// <summary>Server-sent events as a framing of providers' streams. Stateless and thread-safe.</summary>
public sealed class SseFraming : IStreamFraming
{
    /// <summary>JSON in, JSON or server-sent events out: most wires.</summary>
    public static readonly WireTransport Json = new(JsonMediaType.Name, JsonMediaType.Name, new SseFraming());

    private SseFraming()
    {
    }

    /// <inheritdoc/>
    public string MediaType => SseWriter.MediaType;

    /// <summary>A missing type counts as one: some servers send none.</summary>
    public bool Matches(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals(SseWriter.MediaType, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public IFrameReader CreateReader(int maxFrameBytes) => new SseReader(maxFrameBytes);
}
