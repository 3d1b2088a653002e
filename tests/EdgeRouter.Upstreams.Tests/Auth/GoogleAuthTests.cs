using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Identity;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Tests.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

/// <summary>Service accounts and workload identities against servers that stand for Google's.</summary>
public sealed class GoogleAuthTests
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private readonly GoogleAuth auth = new(TimeSpan.FromSeconds(30), TimeProvider.System);

    [Fact]
    public async Task Service_account_signs_for_a_token_which_is_used_again()
    {
        using var key = RSA.Create(2048);
        var asked = new List<JsonElement>();
        await using var server = await TestServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync();
            Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
            asked.Add(ReadSigned(form["assertion"]!, key));
            await context.Response.WriteAsJsonAsync(new { access_token = "token-1", expires_in = 3600, token_type = "Bearer" });
        });
        var account = ServiceAccount(server.Url + "/token", key);

        Assert.Equal("Bearer token-1", await AuthorizationAsync(AuthCredentials.ServiceAccount, account));
        Assert.Equal("Bearer token-1", await AuthorizationAsync(AuthCredentials.ServiceAccount, account));

        var claims = Assert.Single(asked);
        Assert.Equal(("router@example.iam", Scope), (claims.GetProperty("iss").GetString(), claims.GetProperty("scope").GetString()));
    }

    [Fact]
    public async Task Service_account_may_be_in_a_file()
    {
        using var key = RSA.Create(2048);
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsJsonAsync(new { access_token = "token-2", expires_in = 3600 }));
        using var file = new TemporaryFile(ServiceAccount(server.Url + "/token", key));

        Assert.Equal("Bearer token-2", await AuthorizationAsync(AuthCredentials.ServiceAccountFile, file.Path));
    }

    [Fact]
    public async Task Workload_identity_exchanges_the_platforms_token()
    {
        var seen = "";
        await using var server = await TestServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync();
            seen = $"{form["audience"]} {form["subject_token"]} {form["scope"]}";
            await context.Response.WriteAsJsonAsync(new
            {
                access_token = "token-3",
                expires_in = 3600,
                token_type = "Bearer",
                issued_token_type = "urn:ietf:params:oauth:token-type:access_token",
            });
        });
        using var subject = new TemporaryFile("from-the-platform");
        var identity = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.example/pools/p/providers/x",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = server.Url + "/v1/token",
            ["credential_source"] = new JsonObject { ["file"] = subject.Path },
        }.ToJsonString();

        Assert.Equal("Bearer token-3", await AuthorizationAsync(AuthCredentials.ServiceAccount, identity));
        Assert.Equal($"//iam.example/pools/p/providers/x from-the-platform {Scope}", seen);
    }

    [Fact]
    public async Task Workload_identity_whose_platform_gives_nothing_gets_no_token()
    {
        var identity = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.example/pools/p/providers/x",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = "https://127.0.0.1:1/v1/token",
            ["credential_source"] = new JsonObject { ["file"] = Path.Combine(Path.GetTempPath(), "no-such-token") },
        }.ToJsonString();

        var fault = await Assert.ThrowsAsync<TokenException>(() => AuthorizationAsync(AuthCredentials.ServiceAccount, identity));

        Assert.DoesNotContain("no-such-token", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_that_is_refused_is_told_without_its_name()
    {
        using var key = RSA.Create(2048);
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsJsonAsync(new { error = "invalid_grant", error_description = "router@example.iam is disabled" });
        });

        var fault = await Assert.ThrowsAsync<TokenException>(() =>
            AuthorizationAsync(AuthCredentials.ServiceAccount, ServiceAccount(server.Url + "/token", key)));

        Assert.Equal((true, "the router's Google identity gets no token"), (fault.Refused, fault.Message));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"type":"another"}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"none"}""")]
    public async Task Text_that_is_no_account_gets_no_token(string account) =>
        Assert.True((await Assert.ThrowsAsync<TokenException>(() => AuthorizationAsync(AuthCredentials.ServiceAccount, account))).Refused);

    [Fact]
    public async Task File_that_is_missing_gets_no_token() =>
        await Assert.ThrowsAsync<TokenException>(() => AuthorizationAsync(AuthCredentials.ServiceAccountFile,
            Path.Combine(Path.GetTempPath(), "no-such-account")));

    private async Task<string> AuthorizationAsync(string credential, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://models.example/");
        var provider = TestEndpoints.Provider("https://models.example", AuthSchemes.Google, null) with
        {
            Credentials = new Dictionary<string, string> { [credential] = value }.ToFrozenDictionary(),
        };
        await auth.ApplyAsync(request, provider, default);
        return request.Headers.Authorization!.ToString();
    }

    private static string ServiceAccount(string tokenUrl, RSA key) => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "p",
        ["private_key_id"] = "k",
        ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "router@example.iam",
        ["token_uri"] = tokenUrl,
    }.ToJsonString();

    private static JsonElement ReadSigned(string token, RSA key)
    {
        var parts = token.Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
