using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>Probes and browsers, who come without a key.</summary>
public sealed class HealthAndCorsTests(ThreeModels fixture) : IClassFixture<ThreeModels>
{
    [Fact]
    public async Task Health_answers_without_a_key()
    {
        using var probe = fixture.Router.ClientOf(null);

        var health = JsonNode.Parse(await probe.GetStringAsync("/health"))!;
        using var head = await probe.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health"));

        Assert.Equal("ok", health["status"]!.GetValue<string>());
        Assert.Equal("local", health["region"]!.GetValue<string>());
        Assert.Equal(200, (int)head.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/chat/completions", "POST")]
    [InlineData("/v1/chat/completions", "POST")]
    [InlineData("/api/v1/models", "GET")]
    public async Task Preflight_of_an_allowed_origin_is_answered_without_a_key(string path, string method)
    {
        using var response = await PreflightAsync(path, method, ThreeModels.Origin);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(ThreeModels.Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(method, Header(response, "Access-Control-Allow-Methods"));
        Assert.Contains("authorization", Header(response, "Access-Control-Allow-Headers")!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Preflight_of_another_origin_allows_nothing()
    {
        using var response = await PreflightAsync("/api/v1/chat/completions", "POST", "https://evil.example");

        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 401)]
    public async Task Answers_and_errors_can_be_read_by_the_allowed_origin(bool withKey, int status)
    {
        using var browser = fixture.Router.ClientOf(withKey ? RouterUnderTest.InferenceKey : null);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/models");
        request.Headers.Add("Origin", ThreeModels.Origin);

        using var response = await browser.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(ThreeModels.Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("X-Generation-Id", Header(response, "Access-Control-Expose-Headers")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_request_can_be_read_by_the_allowed_origin()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, TestEnvironment.ChatPath) { Content = new StringContent("{", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", ThreeModels.Origin);

        using var response = await fixture.Router.Client.SendAsync(request);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(ThreeModels.Origin, Header(response, "Access-Control-Allow-Origin"));
    }

    private async Task<HttpResponseMessage> PreflightAsync(string path, string method, string origin)
    {
        using var browser = fixture.Router.ClientOf(null);
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await browser.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values)
        ? string.Join(", ", values) : null;
}
