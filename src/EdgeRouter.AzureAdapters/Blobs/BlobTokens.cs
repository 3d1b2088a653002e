using Azure;
using Azure.Core;
using Azure.Identity;
using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.AzureAdapters.Blobs;

/// <summary>Tokens of the router's identity for blobs. Thread-safe.</summary>
public sealed class BlobTokens
{
    private const string Scope = "https://storage.azure.com/.default";

    /// <summary>Where a token may go: Azure's own names for blob services, in each of its clouds.</summary>
    private static readonly string[] BlobHosts =
        [".blob.core.windows.net", ".blob.core.usgovcloudapi.net", ".blob.core.chinacloudapi.cn", ".blob.storage.azure.net"];

    private readonly Lazy<TokenCredential> credential;

    /// <summary>Tokens of <see cref="RouterIdentity"/>; asked for at the first use.</summary>
    /// <param name="clientId">Client id of a user-assigned identity, setting <c>EdgeRouter__Azure__ClientId</c>; null: whatever identity there is.</param>
    public BlobTokens(string? clientId) : this(() => RouterIdentity.Credential(clientId)) { }

    internal BlobTokens(Func<TokenCredential> credential) => this.credential = new(credential);

    /// <summary>
    /// The token for a URL. Null where none is needed, for a URL with a shared access signature, or none may go, to a host that is no blob service.
    /// </summary>
    /// <param name="url">Where the blob is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CatalogException">The identity gets no token.</exception>
    public async ValueTask<string?> TokenForAsync(Uri url, CancellationToken cancellationToken)
    {
        if (!IsBlob(url) || HasSignature(url)) return null;
        try
        {
            return (await credential.Value.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken)).Token;
        }
        catch (Exception fault) when (fault is AuthenticationFailedException or RequestFailedException)
        {
            // Its message is long and about Azure's libraries; the identity's name does not help either.
            throw new CatalogException([new CatalogError(url.GetLeftPart(UriPartial.Path), "", "expected an identity that gets a token for storage")]);
        }
    }

    private static bool IsBlob(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort
        && Array.Exists(BlobHosts, host => url.IdnHost.EndsWith(host, StringComparison.OrdinalIgnoreCase));

    private static bool HasSignature(Uri url) => url.Query.Contains("sig=", StringComparison.Ordinal);
}
