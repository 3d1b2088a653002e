using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>
/// Amazon's signature of requests, version 4, or a key of the provider as a bearer token where there is one. The signature covers the path, the query
/// and the body. Amazon's library is loaded at the first signature.
/// </summary>
/// <param name="time">Clock of the signatures.</param>
public sealed class SigV4Auth(TimeProvider time) : IUpstreamAuth
{
    /// <summary>Name of the variable with the region that is signed for.</summary>
    public const string Region = "region";

    /// <inheritdoc/>
    public string Name => AuthSchemes.SigV4;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken)
    {
        if (provider.ApiKey is { Length: > 0 } key) BearerToken.Add(request, key);
        else SigV4Signature.Add(request, provider, time.GetUtcNow());
        return ValueTask.CompletedTask;
    }
}
