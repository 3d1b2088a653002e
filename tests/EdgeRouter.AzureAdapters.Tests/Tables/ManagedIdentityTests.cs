using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.AzureAdapters.Tests.Identity;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>Tokens instead of keys, on an Azurite that speaks TLS and checks a token's issuer, audience and life (not its signature).</summary>
public sealed class ManagedIdentityTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 certificate = TlsCertificate.Make();
    private AzuriteProcess azurite = null!;

    public async ValueTask InitializeAsync()
    {
        var (cert, key) = await TlsCertificate.WriteAsync(certificate, folder.Path);
        azurite = await AzuriteProcess.StartAsync(folder.Path, "--cert", cert, "--key", key, "--oauth", "basic");
    }

    public async ValueTask DisposeAsync()
    {
        await azurite.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_token_for_storage_opens_the_store()
    {
        var credential = new FixedCredential(FixedCredential.TokenFor("https://storage.azure.com"));
        var store = Store(credential);
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync("identity", "it's", [TableChange.Insert("r 1", Value(1))])).Status);
        Assert.Equal(1, (await store.GetAsync("identity", "it's", "r 1"))!.Properties["Value"]);
        Assert.Single((await store.QueryAsync("identity", "it's", RowRange.All)).Rows);
        Assert.All(credential.Scopes, scope => Assert.Equal("https://storage.azure.com/.default", scope));
    }

    [Fact]
    public async Task A_token_for_something_else_is_an_outage()
    {
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await Store(new FixedCredential(FixedCredential.TokenFor("https://vault.azure.net"))).GetAsync("identity", "p", "r"));
        Assert.StartsWith("Table Storage answered 40", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_that_gets_no_token_is_an_outage()
    {
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await Store(new FixedCredential(null)).GetAsync("identity", "p", "r"));
        Assert.Equal("No token for Table Storage: the identity could not be used.", error.Message);
    }

    private AzureTableStore Store(TokenCredential credential)
    {
        var options = AzureTableStoreFactory.Options();
        options.Transport = new HttpClientTransport(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TlsCertificate.TrustOf(certificate) } });
        return new AzureTableStore(new TableServiceClient(new Uri($"https://127.0.0.1:{azurite.Port}/devstoreaccount1"), credential, options));
    }

    private static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };
}
