using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>Sends the provider's key in a header.</summary>
/// <param name="name">One of <see cref="AuthSchemes"/>.</param>
/// <param name="header">Name of the header.</param>
/// <param name="prefix">Text before the key.</param>
public abstract class HeaderAuth(string name, string header, string prefix = "") : IUpstreamAuth
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken)
    {
        if (provider.ApiKey is { Length: > 0 } key) request.Headers.TryAddWithoutValidation(header, prefix + key);
        return ValueTask.CompletedTask;
    }
}

/// <summary><c>Authorization: Bearer</c>.</summary>
public sealed class BearerAuth() : HeaderAuth(AuthSchemes.Bearer, "Authorization", "Bearer ");

/// <summary><c>x-api-key</c>.</summary>
public sealed class XApiKeyAuth() : HeaderAuth(AuthSchemes.XApiKey, "x-api-key");

/// <summary><c>api-key</c>.</summary>
public sealed class ApiKeyAuth() : HeaderAuth(AuthSchemes.ApiKey, "api-key");

/// <summary><c>x-goog-api-key</c>.</summary>
public sealed class XGoogApiKeyAuth() : HeaderAuth(AuthSchemes.XGoogApiKey, "x-goog-api-key");

/// <summary>Sends no credential, even where one is set.</summary>
public sealed class NoAuth : IUpstreamAuth
{
    /// <inheritdoc/>
    public string Name => AuthSchemes.None;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
