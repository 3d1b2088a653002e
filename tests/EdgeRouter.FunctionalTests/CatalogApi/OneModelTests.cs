using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.BadInput;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>Models one by one and listed, as OpenAI's and as Anthropic's clients ask for them.</summary>
public sealed class OneModelTests(ThreeModels fixture) : IClassFixture<ThreeModels>
{
    [Theory]
    [InlineData("/v1/models/other/middle")]
    [InlineData("/api/v1/models/other/middle")]
    [InlineData("/v1/models/other%2Fmiddle")]
    [InlineData("/v1/models/OTHER%2fMiddle")]
    [InlineData("/v1/models/middle")]
    [InlineData("/v1/models/middle-20251001")]
    [InlineData("/v1/models/other/middle:nitro")]
    public async Task Model_is_found_by_every_name_that_requests_may_give(string path)
    {
        var model = await fixture.GetAsync(path);

        Assert.Equal(("other/middle", "model", "other", 1_740_000_000L),
            ((string?)model["id"], (string?)model["object"], (string?)model["owned_by"], (long)model["created"]!));
        Assert.Equal("0.000001", (string?)model["pricing"]!["prompt"]);
    }

    [Theory]
    [InlineData("/v1/models/acme/nothing")]
    [InlineData("/v1/models/acme%2Fnothing")]
    [InlineData("/v1/models/acme/large/endpoints/more")]
    [InlineData("/v1/models/gpt-4o")]
    [InlineData("/v1/models/middle:online")]
    public async Task Unknown_model_is_404(string path)
    {
        using var response = await fixture.Router.Client.GetAsync(path);

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 404, "not_found");
    }

    [Fact]
    public async Task List_has_the_members_of_OpenAIs()
    {
        var list = await fixture.GetAsync("/v1/models");

        Assert.Equal("list", (string?)list["object"]);
        Assert.All(list["data"]!.AsArray(), model => Assert.Equal(("model", true), ((string?)model!["object"], model["owned_by"] is not null)));
    }

    [Fact]
    public async Task Anthropics_client_gets_its_own_shape()
    {
        var page = await AnthropicAsync("/v1/models?limit=2", 200);
        Assert.Equal(["acme/large", "other/middle"], page["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.Equal((true, "acme/large", "other/middle"), ((bool)page["has_more"]!, (string?)page["first_id"], (string?)page["last_id"]));

        page = await AnthropicAsync("/v1/models?limit=2&after_id=other/middle", 200);
        Assert.Equal(["acme/small"], page["data"]!.AsArray().Select(model => (string)model!["id"]!));
        Assert.False((bool)page["has_more"]!);

        var model = await AnthropicAsync("/v1/models/middle", 200);
        Assert.Equal(("model", "other/middle", "The Middle One", "2025-02-19T21:20:00Z"),
            ((string?)model["type"], (string?)model["id"], (string?)model["display_name"], (string?)model["created_at"]));
    }

    [Theory]
    [InlineData("/v1/models/acme/nothing", RouterUnderTest.InferenceKey, 404, "not_found_error")]
    [InlineData("/v1/models?after_id=acme/nothing", RouterUnderTest.InferenceKey, 400, "invalid_request_error")]
    [InlineData("/v1/models", "sk-wrong", 401, "authentication_error")]
    public async Task Anthropics_client_gets_its_own_errors(string path, string key, int status, string type)
    {
        var error = await AnthropicAsync(path, status, key);

        Assert.Equal(("error", type), ((string?)error["type"], (string?)error["error"]!["type"]));
    }

    private async Task<JsonNode> AnthropicAsync(string path, int status, string key = RouterUnderTest.InferenceKey)
    {
        using var client = fixture.Router.ClientOf(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "anthropic-version", "2023-06-01" }, { "x-api-key", key } } };
        using var response = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
