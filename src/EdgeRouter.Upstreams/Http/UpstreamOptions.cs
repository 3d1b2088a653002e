namespace EdgeRouter.Upstreams.Http;

/// <summary>Bounds of HTTP to providers. Section <c>EdgeRouter:Upstreams</c>.</summary>
public sealed record UpstreamOptions
{
    /// <summary>Time to connect, TLS included. <value>5 s by default.</value></summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time to the response headers of a stream. <value>60 s by default.</value></summary>
    public TimeSpan StreamHeadersTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Time to the end of an answer that is not a stream: providers send its headers only when it is complete. <value>600 s by default.</value>
    /// </summary>
    public TimeSpan WholeAnswerTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Time to get a token of an identity. <value>10 s by default.</value></summary>
    public TimeSpan TokenTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time to read the body of an error. <value>5 s by default.</value></summary>
    public TimeSpan ErrorBodyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest number of bytes of an error body that are read. <value>65,536 by default.</value></summary>
    public int MaxErrorBodyBytes { get; init; } = 64 * 1024;

    /// <summary>Largest size of an answer that is not a stream, in bytes. <value>64 MB by default.</value></summary>
    public int MaxResponseBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest size of response headers in kilobytes. <value>64 by default.</value></summary>
    public int MaxResponseHeadersKilobytes { get; init; } = 64;

    /// <summary>Largest number of connections to one base URL over HTTP/1.1; further requests wait. <value>10,000 by default.</value></summary>
    public int MaxConnectionsPerServer { get; init; } = 10_000;

    /// <summary>Lifetime of a connection; a new one sees DNS changes. <value>3 minutes by default.</value></summary>
    public TimeSpan PooledConnectionLifetime { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Silence of an HTTP/2 connection with requests on it after which it is pinged. <value>20 s by default.</value></summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time to the answer of a ping, after which the connection counts as broken. <value>10 s by default.</value></summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether base URLs may be plain http on other hosts than loopback. <value>False by default.</value></summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Whether URLs that come from callers may lead to loopback, private and link-local addresses. <value>False by default.</value></summary>
    public bool AllowPrivateFetch { get; init; }

    /// <summary>Largest number of bytes fetched for the images and files of one request. <value>20 MB by default.</value></summary>
    public int MaxMediaBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>Largest number of images and files fetched for one request. <value>64 by default.</value></summary>
    public int MaxMediaPerRequest { get; init; } = 64;

    /// <summary>Time to fetch one image or file after it got a slot, redirects included. <value>10 s by default.</value></summary>
    public TimeSpan MediaTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest number of concurrent fetches for one request; others wait. <value>8 by default.</value></summary>
    public int MaxFetchesPerRequest { get; init; } = 8;

    /// <summary>Longest wait of one fetch for its slot in the process. <value>30 s by default.</value></summary>
    public TimeSpan MediaTurnTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Largest number of concurrent fetches in the process, half of them for one caller while another needs some; others wait. <value>32 by default.</value>
    /// </summary>
    public int MaxConcurrentFetches { get; init; } = 32;
}
