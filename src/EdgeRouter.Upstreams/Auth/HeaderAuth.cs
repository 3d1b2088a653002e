using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>The key in a header.</summary>
internal sealed class HeaderAuth(string name, string header, string prefix = "") : IUpstreamAuth
{
    public string Name => name;

    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken)
    {
        if (provider.ApiKey is { Length: > 0 } key) request.Headers.TryAddWithoutValidation(header, prefix + key);
        return ValueTask.CompletedTask;
    }
}

/// <summary>No credential, even where one is set.</summary>
internal sealed class NoAuth : IUpstreamAuth
{
    public string Name => AuthSchemes.None;

    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
