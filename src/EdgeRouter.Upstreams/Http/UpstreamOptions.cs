namespace EdgeRouter.Upstreams.Http;

/// <summary>Bounds of HTTP to providers. Section <c>EdgeRouter:Upstreams</c>.</summary>
public sealed record UpstreamOptions
{
    /// <summary>Time to connect, TLS included. <value>5 s by default.</value></summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time to the response headers of a stream. <value>120 s by default.</value></summary>
    public TimeSpan StreamHeadersTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Time to the end of an answer that is no stream: such providers send headers only when they are done. <value>600 s by default.</value></summary>
    public TimeSpan WholeAnswerTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Time to read the body of an error. <value>5 s by default.</value></summary>
    public TimeSpan ErrorBodyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of an error body that are read. <value>65,536 by default.</value></summary>
    public int MaxErrorBodyBytes { get; init; } = 64 * 1024;

    /// <summary>Most bytes of an answer that is no stream. <value>64 MB by default.</value></summary>
    public int MaxResponseBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most kilobytes of response headers. <value>64 by default.</value></summary>
    public int MaxResponseHeadersKilobytes { get; init; } = 64;

    /// <summary>
    /// Most connections to one base URL over HTTP/1.1; beyond it requests wait. <value>No bound by default: admission bounds the requests.</value>
    /// </summary>
    public int MaxConnectionsPerServer { get; init; } = int.MaxValue;

    /// <summary>Life of a connection, after which a new one sees DNS changes. <value>3 minutes by default.</value></summary>
    public TimeSpan PooledConnectionLifetime { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Silence of an HTTP/2 connection with requests on it after which it is pinged. <value>20 s by default.</value></summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time to the answer of a ping, after which the connection counts as broken. <value>10 s by default.</value></summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether base URLs beyond loopback may be plain http. <value>False by default.</value></summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Whether URLs that come from callers may lead to loopback, private and link-local addresses. <value>False by default.</value></summary>
    public bool AllowPrivateFetch { get; init; }

    /// <summary>Most bytes fetched for the images and files of one request. <value>20 MB by default.</value></summary>
    public int MaxMediaBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>Most images and files fetched for one request. <value>64 by default.</value></summary>
    public int MaxMediaPerRequest { get; init; } = 64;

    /// <summary>Time to fetch one image or file from its turn on, redirects included. <value>10 s by default.</value></summary>
    public TimeSpan MediaTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most fetches at a time for one request; others wait. <value>8 by default.</value></summary>
    public int MaxFetchesPerRequest { get; init; } = 8;

    /// <summary>Most fetches at a time in the process; others wait. <value>32 by default.</value></summary>
    public int MaxConcurrentFetches { get; init; } = 32;
}
