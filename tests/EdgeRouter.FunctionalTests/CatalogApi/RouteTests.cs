using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary><c>POST /route</c>: the plan that a request would get, without anyone being called.</summary>
public sealed class RouteTests
{
    [Theory]
    [InlineData("/api/v1/route")]
    [InlineData("/v1/route")]
    public async Task Plan_tells_candidates_in_order_with_cost_and_every_exclusion_and_calls_nobody(string path)
    {
        await using var environment = await TwoPricesAsync();

        var plan = await RouteAsync(environment,
            environment.Body(stream: true, "\"provider\":{\"sort\":\"price\",\"ignore\":[\"gamma\"]},\"max_tokens\":1000"), path);

        Assert.Equal("direct", plan["strategy"]!.GetValue<string>());
        Assert.Equal("price", plan["ordering"]!.GetValue<string>());
        var candidates = plan["candidates"]!.AsArray();
        Assert.Equal(["beta", "alpha"], candidates.Select(candidate => candidate!["endpoint"]!.GetValue<string>()));
        var first = candidates[0]!;
        Assert.Equal("acme/one", first["model"]!.GetValue<string>());
        Assert.Equal("Provider beta", first["provider"]!.GetValue<string>());
        Assert.Equal("0.000001", first["pricing"]!["prompt"]!.GetValue<string>());
        Assert.True(first["expected_cost"]!.GetValue<double>() < candidates[1]!["expected_cost"]!.GetValue<double>());
        Assert.True(first["score"]!.GetValue<double>() <= candidates[1]!["score"]!.GetValue<double>());
        Assert.Equal("Closed", first["breaker"]!.GetValue<string>());
        Assert.NotEqual("", first["reason"]!.GetValue<string>());
        var exclusion = Assert.Single(plan["exclusions"]!.AsArray())!;
        Assert.Equal(("gamma", "Ignored"), (exclusion["endpoint"]!.GetValue<string>(), exclusion["reason"]!.GetValue<string>()));
        foreach (var slug in (string[])["alpha", "beta", "gamma"]) Assert.Empty(environment[slug].Requests);
        Assert.Empty(environment.Tap.Records);
    }

    [Fact]
    public async Task Plan_shows_what_requests_have_taught()
    {
        var time = new VirtualTimeProvider();
        await using var environment = await TwoPricesAsync(time);
        environment["beta"].Answer = OpenAIWire.Fails(500);
        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: true, "\"provider\":{\"sort\":\"price\"}");
        // Figures are worked out four times a second.
        time.Advance(TimeSpan.FromSeconds(1));

        // Figures are worked out four times a second, breakers at once.
        var candidates = await Eventually.NotNullAsync(async () =>
        {
            var plan = await RouteAsync(environment, environment.Body(stream: true, "\"provider\":{\"sort\":\"price\"}"));
            Assert.Equal("beta", plan["candidates"]!.AsArray()[^1]!["endpoint"]!.GetValue<string>());
            Assert.Equal("Open", plan["candidates"]!.AsArray()[^1]!["breaker"]!.GetValue<string>());
            return plan["candidates"]!.AsArray() is var rows && rows[0]!["first_token_seconds"] is not null ? rows : null;
        }, "the requests to show in the figures");
        Assert.True(candidates[^1]!["success_rate"]!.GetValue<double>() < candidates[0]!["success_rate"]!.GetValue<double>());
        Assert.NotNull(candidates[0]!["first_token_seconds"]);
    }

    [Theory]
    [InlineData("{\"messages\":[]}", 400)]
    [InlineData("{", 400)]
    [InlineData("{\"model\":\"nobody/nothing\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400)]
    [InlineData("{\"model\":\"acme/one\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"provider\":{\"only\":[\"openai\"]}}", 404)]
    public async Task Faults_are_those_of_the_request_itself(string body, int status)
    {
        await using var environment = await TwoPricesAsync();

        using var response = await environment.Router.Client.PostAsync("/api/v1/route", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_key_is_needed()
    {
        await using var environment = await TwoPricesAsync();
        using var anybody = environment.Router.ClientOf(null);

        using var response = await anybody.PostAsync("/api/v1/route", new StringContent(environment.Body(stream: false), Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Requests_of_every_caller_API_are_taken_by_its_name()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));
        const string Completion = "{\"model\":\"acme/one\",\"prompt\":\"Hello\"}";

        var plan = await RouteAsync(environment, Completion, "/api/v1/route?api=completion");

        Assert.Equal("alpha", plan["candidates"]![0]!["endpoint"]!.GetValue<string>());
        using var unknown = await environment.Router.Client.PostAsync("/api/v1/route?api=opera",
            new StringContent(Completion, Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)unknown.StatusCode);
        Assert.Contains("chat, completion", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    private static async Task<JsonNode> RouteAsync(TestEnvironment environment, string body, string path = "/api/v1/route")
    {
        using var response = await environment.Router.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }

    private static async Task<TestEnvironment> TwoPricesAsync(TimeProvider? time = null)
    {
        var environment = new TestEnvironment();
        var providers = new List<StubProvider>();
        foreach (var slug in (string[])["alpha", "beta", "gamma"]) providers.Add(await environment.AddAsync(slug, OpenAIWire.Says(slug)));
        environment.Catalog.AddModel(TestEnvironment.Model,
            [TestCatalog.Endpoint(providers[0], 0.000003m, 0.000006m), TestCatalog.Endpoint(providers[1]),
                TestCatalog.Endpoint(providers[2], 0.000002m, 0.000004m)]);
        await environment.StartRouterAsync(services => services.AddSingleton(time ?? TimeProvider.System));
        return environment;
    }
}
