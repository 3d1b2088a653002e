using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>The caller's wishes about providers, as the providers see them obeyed.</summary>
public sealed class RoutingTests
{
    [Fact]
    public async Task Order_is_the_order_of_attempts()
    {
        await using var environment = await ThreeProvidersAsync(failing: ["alpha", "beta", "gamma"]);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"order\":[\"gamma\",\"Provider alpha\",\"beta\"]}");

        var attempts = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!.AsArray();
        Assert.Equal(["Provider gamma", "Provider alpha", "Provider beta"], attempts.Select(attempt => attempt!["provider_name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Only_keeps_the_request_from_all_others()
    {
        await using var environment = await ThreeProvidersAsync(failing: ["beta"]);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"only\":[\"beta\"]}");

        Assert.Equal(502, answer.Status);
        Assert.Equal((0, 1, 0), Calls(environment));
    }

    [Fact]
    public async Task Ignored_provider_is_never_called()
    {
        await using var environment = await ThreeProvidersAsync(failing: ["alpha", "gamma"]);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"ignore\":[\"beta\"]}");

        Assert.Equal(503, answer.Status);
        Assert.Equal((1, 0, 1), Calls(environment));
    }

    [Fact]
    public async Task Everything_ignored_is_404_with_every_exclusion()
    {
        await using var environment = await ThreeProvidersAsync(failing: []);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"ignore\":[\"alpha\",\"beta\",\"gamma\"]}");

        Assert.Equal(404, answer.Status);
        Assert.Equal(3, answer.Error!["metadata"]!["exclusions"]!.AsArray().Count);
        Assert.Equal("constraint_filtered", answer.Error["availability"]!["code"]!.GetValue<string>());
        Assert.Equal((0, 0, 0), Calls(environment));
    }

    [Fact]
    public async Task Without_fallbacks_only_the_ordered_providers_are_tried()
    {
        await using var environment = await ThreeProvidersAsync(failing: ["beta"]);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"order\":[\"beta\"],\"allow_fallbacks\":false}");

        Assert.Equal(502, answer.Status);
        Assert.Equal((0, 1, 0), Calls(environment));
    }

    [Fact]
    public async Task Sort_by_price_tries_the_cheapest_first()
    {
        await using var environment = await ThreeProvidersAsync(failing: ["alpha", "beta", "gamma"]);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"sort\":\"price\"}");

        var attempts = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!.AsArray();
        Assert.Equal(["Provider beta", "Provider gamma", "Provider alpha"], attempts.Select(attempt => attempt!["provider_name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Dearer_providers_than_max_price_are_not_called()
    {
        await using var environment = await ThreeProvidersAsync(failing: []);

        var answer = await environment.ChatAsync(stream: false, "\"provider\":{\"max_price\":{\"prompt\":1.5,\"completion\":3}}");

        Assert.Equal(200, answer.Status);
        Assert.Equal((0, 1, 0), Calls(environment));
    }

    [Fact]
    public async Task Data_leave_the_permitted_regions_for_nobody()
    {
        await using var environment = new TestEnvironment();
        var providers = new List<StubProvider>();
        foreach (var slug in (string[])["alpha", "beta", "gamma"]) providers.Add(await environment.AddAsync(slug, OpenAIWire.Says(slug)));
        environment.Catalog.AddModel(TestEnvironment.Model,
        [
            TestCatalog.Endpoint(providers[0], more: new JsonObject { ["regions"] = new JsonArray("us") }),
            TestCatalog.Endpoint(providers[1], more: new JsonObject { ["regions"] = new JsonArray("eu") }),
            TestCatalog.Endpoint(providers[2]),
        ]);
        await environment.StartRouterAsync(("Routing:DataRegions:0", "eu"));

        Assert.Equal("beta", (await environment.ChatAsync(stream: false)).Text);
        var refused = await environment.ChatAsync(stream: false, "\"provider\":{\"ignore\":[\"beta\"]}");

        Assert.Equal(404, refused.Status);
        Assert.Contains("data_region", refused.Error!["availability"]!["excluded_by"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((0, 1, 0), Calls(environment));
    }

    private static (int, int, int) Calls(TestEnvironment environment) =>
        (environment["alpha"].Requests.Count, environment["beta"].Requests.Count, environment["gamma"].Requests.Count);

    /// <summary>alpha costs 3, beta 1, gamma 2 dollars per million tokens of input, and twice that of output.</summary>
    private static async Task<TestEnvironment> ThreeProvidersAsync(string[] failing)
    {
        var environment = new TestEnvironment();
        var providers = new List<StubProvider>();
        foreach (var slug in (string[])["alpha", "beta", "gamma"])
            providers.Add(await environment.AddAsync(slug, failing.Contains(slug) ? OpenAIWire.Fails(500) : OpenAIWire.Says(slug)));
        environment.Catalog.AddModel(TestEnvironment.Model,
        [
            TestCatalog.Endpoint(providers[0], 0.000003m, 0.000006m),
            TestCatalog.Endpoint(providers[1], 0.000001m, 0.000002m),
            TestCatalog.Endpoint(providers[2], 0.000002m, 0.000004m),
        ]);
        await environment.StartRouterAsync();
        return environment;
    }
}
