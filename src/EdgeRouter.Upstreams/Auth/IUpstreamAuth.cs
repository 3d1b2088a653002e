using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>An authentication scheme of providers. Thread-safe.</summary>
public interface IUpstreamAuth
{
    /// <summary>One of <see cref="AuthSchemes"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Adds the provider's credential to the request, which is complete but for it; nothing for a provider without one (a local server).
    /// </summary>
    /// <exception cref="Core.Identity.TokenException">The identity that the scheme needs has no token.</exception>
    ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken);
}
