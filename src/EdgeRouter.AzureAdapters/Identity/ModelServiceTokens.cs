using Azure;
using Azure.Core;
using Azure.Identity;
using EdgeRouter.Core.Identity;

namespace EdgeRouter.AzureAdapters.Identity;

/// <summary>Tokens of the router's identity for model services of Azure. Thread-safe.</summary>
public sealed class ModelServiceTokens : ITokenSource
{
    private const string DefaultScope = "https://cognitiveservices.azure.com/.default";
    private readonly Lazy<TokenCredential> credential;

    /// <summary>Tokens of <see cref="RouterIdentity"/>; asked for at the first use.</summary>
    /// <param name="clientId">Client id of a user-assigned identity, setting <c>EdgeRouter__Azure__ClientId</c>; null: whatever identity there is.</param>
    public ModelServiceTokens(string? clientId) : this(() => RouterIdentity.Credential(clientId)) { }

    internal ModelServiceTokens(Func<TokenCredential> credential) => this.credential = new(credential);

    /// <inheritdoc/>
    public async Task<Core.Identity.AccessToken> IssueAsync(string? scope, CancellationToken cancellationToken)
    {
        try
        {
            var token = await credential.Value.GetTokenAsync(new TokenRequestContext([scope ?? DefaultScope]), cancellationToken);
            return new(token.Token, token.ExpiresOn);
        }
        catch (CredentialUnavailableException fault)
        {
            throw new TokenException("the router has no Entra identity here", refused: true, fault);
        }
        catch (Exception fault) when (fault is AuthenticationFailedException or RequestFailedException)
        {
            // Their messages are long and about Azure's libraries.
            throw new TokenException("the router's Entra identity gets no token", refused: true, fault);
        }
    }
}
