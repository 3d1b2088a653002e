using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>Makes the media of requests, which replace URLs that a wire cannot carry by their content. Thread-safe; one per process.</summary>
public sealed class MediaInliner(MediaFetcher fetcher, UpstreamOptions options)
{
    /// <summary>The media of one request.</summary>
    /// <param name="caller">Account of the caller.</param>
    /// <param name="callerGone">Ends every fetch.</param>
    public RequestMedia ForRequest(string caller, CancellationToken callerGone) => new(fetcher, options, caller, callerGone);
}
