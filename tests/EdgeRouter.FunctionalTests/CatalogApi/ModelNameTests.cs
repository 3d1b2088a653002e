using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>Names that are no ids, over every caller API on real sockets.</summary>
public sealed class ModelNameTests
{
    public static readonly TheoryData<string, string> EveryApi = new()
    {
        { "chat/completions", """ "messages":[{"role":"user","content":"Hi"}] """ },
        { "completions", """ "prompt":"Hi" """ },
        { "messages", """ "max_tokens":100,"messages":[{"role":"user","content":"Hi"}] """ },
    };

    [Theory, MemberData(nameof(EveryApi))]
    public async Task Answer_to_a_short_name_names_the_model_that_served(string api, string members)
    {
        await using var environment = await StartAsync();
        foreach (var name in (string[])["one-4-5", "one-4-5-20250929", "ONE-4.5:nitro", "acme/one-4-5"])
        {
            var (status, answer, provider) = await PostAsync(environment, api, $"\"model\":\"{name}\",{members}");

            Assert.True(status == 200, $"{name}: {status} {answer}");
            Assert.Equal("acme/one-4.5", (string?)answer["model"]);
            Assert.Equal("alpha", provider);
        }
        Assert.All(environment["alpha"].Requests, request => Assert.Equal(environment["alpha"].UpstreamModel, (string?)request.Json["model"]));
    }

    [Theory, MemberData(nameof(EveryApi))]
    public async Task Name_that_is_not_served_is_an_error_that_says_what_to_do(string api, string members)
    {
        await using var environment = await StartAsync();
        foreach (var (name, status, text) in ((string, int, string)[])[
            ("sparrow", 400, "model: 'sparrow' can be several models; expected one of acme/sparrow-2501, acme/sparrow-2508"),
            ("one-45", 400, "model: 'one-45' is not a model of this router; did you mean acme/one-4.5?"),
            ("gpt-4o", 404, "model: openai/gpt-4o is in the catalog, but no provider of it has a credential: set OPENAI_API_KEY")])
        {
            var (code, answer, _) = await PostAsync(environment, api, $"\"model\":\"{name}\",{members}");

            Assert.Equal(status, code);
            Assert.StartsWith(text, (string?)answer["error"]!["message"], StringComparison.Ordinal);
        }
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Names_in_models_are_resolved_and_a_wrong_one_is_named_by_its_place()
    {
        await using var environment = await StartAsync();
        const string messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

        var (_, answer, _) = await PostAsync(environment, "chat/completions", $"\"models\":[\"one-4-5\",\"sparrow-2501\"],{messages}");
        Assert.Equal("acme/one-4.5", (string?)answer["model"]);

        (_, answer, _) = await PostAsync(environment, "chat/completions", $"\"models\":[\"one-4-5\",\"sparow-2501\"],{messages}");
        Assert.StartsWith("models[1]: 'sparow-2501' is not a model of this router; did you mean acme/sparrow-2501", (string?)answer["error"]!["message"],
            StringComparison.Ordinal);
        Assert.Equal("acme/sparrow-2501", (string?)answer["error"]!["metadata"]!["candidates"]![0]);
    }

    private static async Task<TestEnvironment> StartAsync()
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        foreach (var id in (string[])["acme/one-4.5", "acme/sparrow-2501", "acme/sparrow-2508"])
            environment.Catalog.AddModel(id, [TestCatalog.Endpoint(alpha)]);
        await environment.StartRouterAsync();
        return environment;
    }

    private static async Task<(int Status, JsonNode Answer, string? Provider)> PostAsync(TestEnvironment environment, string api, string members)
    {
        using var response = await environment.Router.Client.PostAsync($"/v1/{api}", new StringContent($"{{{members}}}", Encoding.UTF8, "application/json"));
        var provider = response.Headers.TryGetValues("X-EdgeRouter-Provider", out var values) ? values.Single() : null;
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, provider);
    }
}
