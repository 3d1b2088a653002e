using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>Limits of the HTTP server of both hosts.</summary>
public static class ServerLimits
{
    /// <summary>A caller who takes fewer bytes per second than this while some are ready for them counts as stalled.</summary>
    private const double LeastBytesPerSecond = 240;

    /// <summary>Sets the server's limits by the router's.</summary>
    public static void Apply(KestrelServerLimits server, LimitSettings settings)
    {
        // The gateway has its own limit and error.
        server.MaxRequestBodySize = null;
        // Only while bytes are ready and not taken: a stream lasts as long as the model generates, but a caller who stops reading must not keep a
        // slot and a hold.
        server.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, settings.Stall);
    }
}
