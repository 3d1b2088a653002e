using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Http;

/// <summary>Builds the URLs of requests, each once: parsing one allocates more than half a kilobyte. Thread-safe.</summary>
internal static class UpstreamUrl
{
    // As many as a provider has models, for as long as the catalog has the provider.
    private static readonly ConditionalWeakTable<Provider, ConcurrentDictionary<string, Uri>> Known = [];

    /// <summary>The provider's base URL, slash, path, and the provider's query joined to the path's own.</summary>
    public static Uri Of(Provider provider, Uri baseUrl, string path)
    {
        var known = Known.GetOrCreateValue(provider);
        return known.TryGetValue(path, out var url) ? url : known.GetOrAdd(path, Combine(baseUrl, path, provider.Query));
    }

    private static Uri Combine(Uri baseUrl, string path, string? query)
    {
        var start = baseUrl.AbsoluteUri.AsSpan().TrimEnd('/');
        if (string.IsNullOrEmpty(query)) return new Uri(string.Concat(start, "/", path));
        return new Uri(string.Concat(string.Concat(start, "/", path), path.Contains('?', StringComparison.Ordinal) ? "&" : "?", query));
    }
}
