using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Tables;

/// <summary>Tokens instead of keys, on an Azurite that speaks TLS and checks a token's issuer, audience and life (not its signature).</summary>
public sealed class ManagedIdentityTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 certificate = MakeCertificate();
    private AzuriteProcess azurite = null!;

    public async ValueTask InitializeAsync()
    {
        var (cert, key) = (Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"));
        await File.WriteAllTextAsync(cert, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
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
        var credential = new FixedCredential(Token("https://storage.azure.com"));
        var store = Store(credential);
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync("identity", "it's", [TableChange.Insert("r 1", Value(1))])).Status);
        Assert.Equal(1, (await store.GetAsync("identity", "it's", "r 1"))!.Properties["Value"]);
        Assert.Single((await store.QueryAsync("identity", "it's", RowRange.All)).Rows);
        Assert.All(credential.Scopes, scope => Assert.Equal("https://storage.azure.com/.default", scope));
    }

    [Fact]
    public async Task A_token_for_something_else_is_an_outage()
    {
        var error = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await Store(new FixedCredential(Token("https://vault.azure.net")))
            .GetAsync("identity", "p", "r"));
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
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { certificate }
        };
        options.Transport = new HttpClientTransport(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
        return new AzureTableStore(new TableServiceClient(new Uri($"https://127.0.0.1:{azurite.Port}/devstoreaccount1"), credential, options));
    }

    private static string Token(string audience)
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

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=azurite", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    private static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };

    private sealed class FixedCredential(string? token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

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
}
