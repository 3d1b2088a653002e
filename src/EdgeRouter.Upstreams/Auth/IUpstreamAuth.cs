using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>One way of authenticating to providers. Thread-safe.</summary>
public interface IUpstreamAuth
{
    /// <summary>One of <see cref="AuthSchemes"/>.</summary>
    string Name { get; }

    /// <summary>Puts the provider's credential on the request. A provider without a credential (a local server) gets none.</summary>
    ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken);
}
