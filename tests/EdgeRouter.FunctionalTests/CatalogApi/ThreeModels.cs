using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>A router with a small catalog, shared by tests that only read it.</summary>
public sealed class ThreeModels : IAsyncLifetime
{
    public const string Origin = "https://console.example";

    private readonly TestEnvironment environment = new();

    internal RouterUnderTest Router => environment.Router;

    public async ValueTask InitializeAsync()
    {
        var alpha = environment.AddAbsent("alpha");
        var beta = environment.AddAbsent("beta");
        environment.Catalog.AddModel("acme/small", [TestCatalog.Endpoint(alpha, 0.0000001m, 0.0000002m, Context(8_000))],
            new JsonObject { ["created"] = 1_700_000_000, ["input_modalities"] = new JsonArray("text") });
        environment.Catalog.AddModel("acme/large",
            [TestCatalog.Endpoint(alpha, 0.000005m, 0.00001m),
            TestCatalog.Endpoint(beta, 0.000003m, 0.000006m, new JsonObject { ["context_length"] = 1_000_000, ["quantization"] = "fp8" })]);
        environment.Catalog.AddModel("other/middle",
            [TestCatalog.Endpoint(beta, 0.000001m, 0.000002m,
            new JsonObject { ["context_length"] = 64_000, ["supported_parameters"] = new JsonArray("temperature", "reasoning") })],
            new JsonObject { ["created"] = 1_740_000_000, ["name"] = "The Middle One", ["description"] = "Neither." });
        await environment.StartRouterAsync(("Catalog:Scripted", "false"), ("Cors:Origins:0", Origin));
    }

    public ValueTask DisposeAsync() => environment.DisposeAsync();

    private static JsonObject Context(int tokens) => new() { ["context_length"] = tokens };

    internal async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Router.Client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {body}");
        return JsonNode.Parse(body)!;
    }
}
