using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;

namespace EdgeRouter.AzureAdapters.Tests.Identity;

/// <summary>An identity that always has the same token, or none.</summary>
internal sealed class FixedCredential(string? token) : TokenCredential
{
    /// <summary>Every scope that a token was asked for.</summary>
    public List<string> Scopes { get; } = [];

    /// <summary>A token that Azurite takes: it checks issuer, audience and life, not the signature.</summary>
    public static string TokenFor(string audience)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["aud"] = audience,
            ["iss"] = "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
            ["iat"] = now,
            ["nbf"] = now - 60,
            ["exp"] = now + 3600
        };
        static string Part(object value) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(value)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var head = Part(new Dictionary<string, string> { ["alg"] = "RS256", ["typ"] = "JWT" });
        return $"{head}.{Part(claims)}.{Convert.ToBase64String(Encoding.ASCII.GetBytes("unsigned")).TrimEnd('=')}";
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return token is null
            ? throw new CredentialUnavailableException("There is no identity here.")
            : new AccessToken(token, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
