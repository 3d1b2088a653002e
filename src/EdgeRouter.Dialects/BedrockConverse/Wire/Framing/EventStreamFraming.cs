using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Framing;

/// <summary>Amazon's binary event stream as a framing of providers' streams. Stateless and thread-safe.</summary>
public sealed class EventStreamFraming : IStreamFraming
{
    /// <summary>JSON in, JSON or a binary event stream out.</summary>
    public static readonly WireTransport Json = new(JsonMediaType.Name, JsonMediaType.Name, new EventStreamFraming());

    private EventStreamFraming()
    {
    }

    /// <inheritdoc/>
    public string MediaType => "application/vnd.amazon.eventstream";

    /// <inheritdoc/>
    public bool Matches(string? contentType)
    {
        if (contentType is null) return false;
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType.AsSpan() : contentType.AsSpan(0, end)).Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public IFrameReader CreateReader(int maxFrameBytes) => new EventStreamReader(maxFrameBytes);
}
