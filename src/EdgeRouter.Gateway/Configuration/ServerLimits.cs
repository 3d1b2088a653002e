using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>What both hosts ask of their HTTP server.</summary>
public static class ServerLimits
{
    /// <summary>A caller who takes fewer bytes per second than this while some are ready for them counts as stalled.</summary>
    private const double LeastBytesPerSecond = 240;

    /// <summary>Sets the server's limits by the router's.</summary>
    public static void Apply(KestrelServerLimits server, LimitSettings settings)
    {
        // The gateway has its own bound and its own error for it.
        server.MaxRequestBodySize = null;
        // Only while bytes are ready and not taken: a stream lasts as long as the model thinks, but a reader who stops holds no slot and no money.
        server.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, settings.Stall);
    }
}
