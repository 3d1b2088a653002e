using System.Collections.Concurrent;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>
/// A Google token: of the service account or workload identity whose JSON is in <see cref="AuthCredentials.ServiceAccount"/> or in the file of
/// <see cref="AuthCredentials.ServiceAccountFile"/>, else of the identity of the machine. Google's library is loaded at the first request.
/// </summary>
/// <param name="timeout">Longest wait for a token.</param>
/// <param name="time">Clock of the tokens' ends.</param>
public sealed class GoogleAuth(TimeSpan timeout, TimeProvider time) : IUpstreamAuth
{
    // One for each credential that the settings and the environment hold.
    private readonly ConcurrentDictionary<(string? Json, string? File), TokenCache> byCredential = new();

    /// <inheritdoc/>
    public string Name => AuthSchemes.Google;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(HttpRequestMessage request, Provider provider, CancellationToken cancellationToken)
    {
        var json = provider.Credentials.GetValueOrDefault(AuthCredentials.ServiceAccount);
        var credential = (json, json is null ? provider.Credentials.GetValueOrDefault(AuthCredentials.ServiceAccountFile) : null);
        if (!byCredential.TryGetValue(credential, out var tokens))
        {
            tokens = byCredential.GetOrAdd(credential, static (of, auth) => new TokenCache(new GoogleCredentials(of.Json, of.File, auth.time).IssueAsync,
                auth.timeout, auth.time), (timeout, time));
        }
        return BearerToken.AddAsync(request, tokens, cancellationToken);
    }
}
