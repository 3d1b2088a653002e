namespace EdgeRouter.Upstreams.Http;

/// <summary>Puts a request's URL together.</summary>
internal static class UpstreamUrl
{
    /// <summary>Base URL, slash, path, and the provider's query joined to the path's own.</summary>
    public static Uri Combine(Uri baseUrl, string path, string? query)
    {
        var start = baseUrl.AbsoluteUri.AsSpan().TrimEnd('/');
        if (string.IsNullOrEmpty(query)) return new Uri(string.Concat(start, "/", path));
        return new Uri(string.Concat(string.Concat(start, "/", path), path.Contains('?', StringComparison.Ordinal) ? "&" : "?", query));
    }
}
