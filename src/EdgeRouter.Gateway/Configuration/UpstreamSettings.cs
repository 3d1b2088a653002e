using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>Reads the bounds of HTTP to providers.</summary>
internal static class UpstreamSettings
{
    public static UpstreamOptions Read(SettingsReader reader) => new()
    {
        ConnectTimeout = reader.Seconds("Upstreams:ConnectSeconds", 5, 0.1, 120, "longest wait for a connection to a provider"),
        StreamHeadersTimeout = reader.Seconds("Upstreams:HeadersSeconds", 60, 0.1, 3600, "longest wait for a provider's response headers of a stream"),
        WholeAnswerTimeout = reader.Seconds("Upstreams:WholeAnswerSeconds", 600, 1, 3600, "longest wait for an answer that is not streamed"),
        TokenTimeout = reader.Seconds("Upstreams:TokenSeconds", 10, 0.1, 120, "longest wait for a token with which the router authenticates to a provider"),
        MaxResponseBytes = reader.Int("Upstreams:MaxResponseBytes", 64 * 1024 * 1024, 64 * 1024, 1024 * 1024 * 1024,
            "largest answer that is not streamed, in bytes"),
        MaxConnectionsPerServer = reader.Int("Upstreams:MaxConnectionsPerServer", 10_000, 1, 100_000, "largest number of connections to one provider"),
        AllowPlainHttp = reader.Flag("Upstreams:AllowPlainHttp", false, "whether base URLs may be plain http on other hosts than loopback"),
        AllowPrivateFetch = reader.Flag("Upstreams:AllowPrivateFetch", false,
            "whether image and file URLs in requests may point to loopback, private or link-local addresses, and be passed on to providers there"),
    };
}
