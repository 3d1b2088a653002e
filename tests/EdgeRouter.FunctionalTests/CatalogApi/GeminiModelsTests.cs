using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>The models in Google's shape.</summary>
public sealed class GeminiModelsTests
{
    [Theory]
    [InlineData("/v1beta/models/acme/one")]
    [InlineData("/v1beta/models/acme%2Fone")]
    [InlineData("/api/v1beta/models/acme/one")]
    [InlineData("/v1beta/models/acme/one?key=" + RouterUnderTest.InferenceKey)]
    public async Task Model_has_its_name_limits_and_methods(string path)
    {
        await using var environment = await StartAsync();
        using var client = environment.Router.ClientOf(path.Contains("key=", StringComparison.Ordinal) ? null : RouterUnderTest.InferenceKey);

        var model = JsonNode.Parse(await client.GetStringAsync(path))!;

        Assert.Equal(("models/acme/one", 32000, 4000), ((string?)model["name"], (int)model["inputTokenLimit"]!, (int)model["outputTokenLimit"]!));
        Assert.Equal(["generateContent", "streamGenerateContent"], model["supportedGenerationMethods"]!.AsArray().Select(method => (string?)method));
        Assert.NotEmpty((string)model["displayName"]!);
    }

    [Fact]
    public async Task List_comes_in_pages_that_have_every_model_once()
    {
        await using var environment = await StartAsync();
        var listed = JsonNode.Parse(await environment.Router.Client.GetStringAsync("/api/v1/models"))!["data"]!.AsArray();
        var all = listed.Select(model => "models/" + model!["id"]);

        var seen = new List<string?>();
        var token = "";
        do
        {
            var page = JsonNode.Parse(await environment.Router.Client.GetStringAsync($"/v1beta/models?pageSize=7&pageToken={token}"))!;
            Assert.InRange(page["models"]!.AsArray().Count, 1, 7);
            seen.AddRange(page["models"]!.AsArray().Select(model => (string?)model!["name"]));
            token = (string?)page["nextPageToken"];
        }
        while (token is not null);

        Assert.Equal(all, seen);
        Assert.Contains("models/acme/one", seen);
    }

    [Theory]
    [InlineData("/v1beta/models/acme/none", HttpStatusCode.NotFound)]
    [InlineData("/v1beta/models?pageSize=-1", HttpStatusCode.BadRequest)]
    [InlineData("/v1beta/models?pageToken=x", HttpStatusCode.BadRequest)]
    public async Task Odd_request_is_refused(string path, HttpStatusCode status)
    {
        await using var environment = await StartAsync();

        using var response = await environment.Router.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    private static async Task<TestEnvironment> StartAsync()
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("never"));
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new JsonObject
        {
            ["context_length"] = 32000,
            ["max_completion_tokens"] = 4000,
        })]);
        await environment.StartRouterAsync();
        return environment;
    }
}
