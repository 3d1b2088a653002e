using System.Collections.Concurrent;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Identity;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>A Microsoft Entra token of the router's identity. What the token is for is <see cref="AuthCredentials.Scope"/>.</summary>
/// <param name="source">Issues the tokens.</param>
/// <param name="timeout">Longest wait for one.</param>
/// <param name="time">Clock of their ends.</param>
public sealed class EntraAuth(ITokenSource source, TimeSpan timeout, TimeProvider time) : IUpstreamAuth
{
    // One for each scope that the catalog's rows and the settings name.
    private readonly ConcurrentDictionary<string, TokenCache> byScope = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => AuthSchemes.Entra;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken)
    {
        var scope = provider.Credentials.GetValueOrDefault(AuthCredentials.Scope, "");
        if (!byScope.TryGetValue(scope, out var tokens))
        {
            tokens = byScope.GetOrAdd(scope, static (named, auth) => new TokenCache(token => auth.source.IssueAsync(named.Length == 0 ? null : named, token),
                auth.timeout, auth.time), (source, timeout, time));
        }
        return BearerToken.AddAsync(request, tokens, cancellationToken);
    }
}
