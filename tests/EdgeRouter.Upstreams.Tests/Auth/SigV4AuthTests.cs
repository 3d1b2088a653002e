using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Signatures;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

public sealed class SigV4AuthTests
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static readonly SigV4Auth Auth = new(new VirtualTimeProvider());

    [Theory]
    [InlineData("https://service.example/model/acme.one-v1/converse")]
    [InlineData("https://service.example/model/acme.one-v1%3A0/converse-stream")]
    [InlineData("https://service.example/model/arn%3Aaws%3Aservice%3Aeu-west-1%3A1%3Aprofile%2Feu.acme.one-v1%3A0/converse")]
    [InlineData("https://service.example:8443/a%20b/%C3%BC?b=2&a=1%2F2")]
    public async Task Signature_is_what_the_service_computes(string url)
    {
        using var request = Request(url);

        await Auth.ApplyAsync(request, Provider(), default);

        Assert.Null(SigV4Verifier.FindFault(await AsSentAsync(request), KeyId, Secret, "eu-west-1/service"));
    }

    [Fact]
    public async Task Signature_covers_the_path_and_the_body()
    {
        using var request = Request("https://service.example/model/a/converse");
        await Auth.ApplyAsync(request, Provider(), default);
        var sent = await AsSentAsync(request);

        Assert.Equal("the signature does not match", Fault(sent with { Target = "/model/b/converse" }));
        Assert.Equal("the body is not the one that was hashed", Fault(sent with { Body = "{\"a\":2}"u8.ToArray() }));
    }

    [Fact]
    public async Task Token_of_a_session_is_sent_and_signed()
    {
        using var request = Request("https://service.example/model/a/converse");

        await Auth.ApplyAsync(request, Provider((AuthCredentials.SessionToken, "session-1")), default);

        var sent = await AsSentAsync(request);
        Assert.Equal("session-1", sent.Headers["X-Amz-Security-Token"]);
        Assert.Null(Fault(sent));
    }

    [Fact]
    public async Task Key_of_the_provider_is_a_bearer_token_in_place_of_a_signature()
    {
        using var request = Request("https://service.example/model/a/converse");

        await Auth.ApplyAsync(request, Provider() with { ApiKey = "key-1" }, default);

        Assert.Equal("Authorization: Bearer key-1", request.Headers.ToString().Trim());
    }

    [Fact]
    public void Provider_that_could_not_be_signed_for_is_a_fault_before_it_serves()
    {
        var provider = Provider() with { BaseUrl = new Uri("https://service.example") };

        Assert.Empty(ProviderRules.FindFaults(provider, allowPlainHttp: false));
        Assert.Empty(ProviderRules.FindFaults(provider with { ApiKey = "k", Credentials = Nothing }, allowPlainHttp: false));
        Assert.Equal(["auth sigv4: expected Credentials AccessKeyId and SecretAccessKey, or ApiKey",
                "auth sigv4: expected the name of the service in credentials.service", "auth sigv4: expected Variables region"],
            ProviderRules.FindFaults(provider with { Credentials = Nothing, Variables = Nothing }, allowPlainHttp: false));
        Assert.Equal(["Credentials session_token: expected visible ASCII characters without line breaks"], ProviderRules.FindFaults(
            Provider((AuthCredentials.SessionToken, "a\nb")) with { BaseUrl = provider.BaseUrl }, allowPlainHttp: false));
    }

    private static readonly FrozenDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    private static string? Fault(SignedRequest sent) => SigV4Verifier.FindFault(sent, KeyId, Secret, "eu-west-1/service");

    private static Provider Provider(params (string Name, string Value)[] more)
    {
        var credentials = new Dictionary<string, string>
        {
            [AuthCredentials.AccessKeyId] = KeyId,
            [AuthCredentials.SecretAccessKey] = Secret,
            [AuthCredentials.Service] = "service",
        };
        foreach (var (name, value) in more) credentials[name] = value;
        return TestEndpoints.Provider(null, AuthSchemes.SigV4, null) with
        {
            Credentials = credentials.ToFrozenDictionary(),
            Variables = new Dictionary<string, string> { [SigV4Auth.Region] = "eu-west-1" }.ToFrozenDictionary(),
        };
    }

    private static HttpRequestMessage Request(string url) => new(HttpMethod.Post, url) { Content = ObservedContent.Of("{\"a\":1}"u8.ToArray(), null) };

    private static async Task<SignedRequest> AsSentAsync(HttpRequestMessage request) => new(request.Method.Method, request.RequestUri!.PathAndQuery,
        SignedRequest.Index([.. request.Headers.Select(header => new KeyValuePair<string, string>(header.Key, string.Join(',', header.Value))),
            new("Host", request.RequestUri.Authority)]), await request.Content!.ReadAsByteArrayAsync());
}
