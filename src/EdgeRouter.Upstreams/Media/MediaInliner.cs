using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>Makes what replaces the URLs of a request that a wire cannot carry by what they lead to. Thread-safe; one per process.</summary>
public sealed class MediaInliner(MediaFetcher fetcher, UpstreamOptions options)
{
    /// <summary>The media of one request.</summary>
    /// <param name="callerLeft">Ends every fetch.</param>
    public RequestMedia ForRequest(CancellationToken callerLeft) => new(fetcher, options, callerLeft);
}
