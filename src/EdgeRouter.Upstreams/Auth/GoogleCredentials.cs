using System.Security.Cryptography;
using System.Text.Json;
using EdgeRouter.Core.Identity;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>One identity at Google. The only type that uses Google's library. Not for concurrent use.</summary>
/// <param name="json">Its JSON; null: in the file.</param>
/// <param name="file">Path of a file with the JSON, read when a token is issued and there is none yet; null with null: the machine's identity.</param>
/// <param name="time">Clock of the tokens' ends.</param>
internal sealed class GoogleCredentials(string? json, string? file, TimeProvider time)
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>The types of JSON that prove who the router is. Others would make it ask addresses that the JSON names for another person's token.</summary>
    private static readonly string[] Types =
    [
        JsonCredentialParameters.ServiceAccountCredentialType, JsonCredentialParameters.ExternalAccountCredentialType,
        JsonCredentialParameters.AuthorizedUserCredentialType, JsonCredentialParameters.ImpersonatedServiceAccountCredentialType,
    ];

    private GoogleCredential? credential;

    /// <summary>A new token.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public async Task<AccessToken> IssueAsync(CancellationToken cancellationToken)
    {
        try
        {
            credential ??= await LoadAsync(cancellationToken).ConfigureAwait(false);
            var token = await RequestAsync(credential.UnderlyingCredential, cancellationToken).ConfigureAwait(false);
            var lifetime = TimeSpan.FromSeconds(token.ExpiresInSeconds ?? 0);
            return new AccessToken(token.AccessToken, time.GetUtcNow() + lifetime);
        }
        catch (Exception fault) when (fault is TokenResponseException or InvalidOperationException)
        {
            // Their messages name accounts, files and hosts.
            throw new TokenException("the router's Google identity gets no token", refused: true, fault);
        }
        // Identities of other clouds have exceptions of their own.
        catch (Exception fault) when (fault is not (OperationCanceledException or TokenException))
        {
            throw new TokenException("the issuer of the router's Google identity cannot be reached", refused: false, fault);
        }
    }

    private async Task<GoogleCredential> LoadAsync(CancellationToken cancellationToken)
    {
        if (json is null && file is null)
            return (await GoogleCredential.GetApplicationDefaultAsync(cancellationToken).ConfigureAwait(false)).CreateScoped(Scope);
        var text = json ?? await File.ReadAllTextAsync(file!, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(text);
            var type = document.RootElement.GetProperty("type"u8).GetString();
            if (Types.Contains(type)) return CredentialFactory.FromJson(text, type).CreateScoped(Scope);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException
            or CryptographicException)
        {
            throw new TokenException("the router's Google credential is not a usable one", refused: true, fault);
        }
        throw new TokenException("the router's Google credential is of no known type", refused: true);
    }

    // The library's own cache of tokens is not used, because it does not tell when they end.
    private static async Task<TokenResponse> RequestAsync(ICredential identity, CancellationToken cancellationToken)
    {
        switch (identity)
        {
            case ServiceCredential service when await service.RequestAccessTokenAsync(cancellationToken).ConfigureAwait(false):
                return service.Token;
            case UserCredential user when await user.RefreshTokenAsync(cancellationToken).ConfigureAwait(false):
                return user.Token;
            default:
                throw new InvalidOperationException("The identity issues no token.");
        }
    }
}
