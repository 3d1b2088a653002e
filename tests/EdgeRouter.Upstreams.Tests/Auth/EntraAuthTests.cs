using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Identity;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Tests.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

public sealed class EntraAuthTests : ITokenSource
{
    private readonly VirtualTimeProvider clock = new();
    private readonly List<string?> scopes = [];
    private TokenException? fault;

    [Fact]
    public async Task Each_scope_has_a_token_of_its_own()
    {
        var auth = new EntraAuth(this, TimeSpan.FromSeconds(10), clock);
        var provider = TestEndpoints.Provider("https://models.example", AuthSchemes.Entra, null);
        var other = provider with { Credentials = new Dictionary<string, string> { [AuthCredentials.Scope] = "https://other/.default" }.ToFrozenDictionary() };

        Assert.Equal(["Bearer for ", "Bearer for https://other/.default", "Bearer for "],
            [await AuthorizationAsync(auth, provider), await AuthorizationAsync(auth, other), await AuthorizationAsync(auth, provider)]);
        Assert.Equal([null, "https://other/.default"], scopes);
    }

    [Theory]
    [InlineData(true, FailureClass.Authentication)]
    [InlineData(false, FailureClass.ConnectFailed)]
    public async Task Identity_without_a_token_is_a_failure_of_the_provider_and_nothing_is_sent(bool refused, FailureClass expected)
    {
        fault = new TokenException("no token", refused);
        var calls = 0;
        await using var server = await TestServer.StartAsync(_ =>
        {
            calls++;
            return Task.CompletedTask;
        });
        using var client = new UpstreamClient([new TestWire()], new UpstreamAuthSchemes(new EntraAuth(this, TimeSpan.FromSeconds(10), clock)),
            new UpstreamOptions(), clock, []);

        var result = await client.SendAsync(TestEndpoints.Of(TestEndpoints.Provider(server.Url, AuthSchemes.Entra, null)),
            new UpstreamCall("chat", SseFraming.Json, "{}"u8.ToArray(), Stream: false), default);

        Assert.Equal((expected, (int?)null, "no token", 0), (result.Failure!.Class, result.Failure.Status, result.Failure.Error.Message, calls));
    }

    public Task<AccessToken> IssueAsync(string? scope, CancellationToken cancellationToken)
    {
        scopes.Add(scope);
        return fault is null ? Task.FromResult(new AccessToken($"for {scope}", clock.GetUtcNow().AddHours(1))) : throw fault;
    }

    private static async Task<string> AuthorizationAsync(EntraAuth auth, Provider provider)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://models.example/");
        await auth.ApplyAsync(request, provider, default);
        return request.Headers.Authorization!.ToString();
    }
}
