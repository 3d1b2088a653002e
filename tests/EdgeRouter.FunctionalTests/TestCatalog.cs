using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests;

/// <summary>A catalog file about stub providers, as an operator would write it.</summary>
internal sealed class TestCatalog
{
    public const decimal PromptPrice = 0.000001m;
    public const decimal CompletionPrice = 0.000002m;

    private readonly JsonArray providers = [];
    private readonly JsonArray models = [];

    public bool HasModels => models.Count > 0;

    public void AddProvider(StubProvider provider, JsonObject? more = null)
    {
        var row = new JsonObject
        {
            ["slug"] = provider.Slug,
            ["name"] = NameOf(provider),
            ["dialect"] = provider.Dialect,
            ["base_url"] = provider.BaseUrl,
            ["auth"] = provider.Dialect switch { "anthropic-messages" => "x-api-key", "gemini" => "x-goog-api-key", _ => "bearer" },
        };
        providers.Add((JsonNode)Merged(row, more));
    }

    public void AddModel(string id, IEnumerable<JsonObject> endpoints, JsonObject? more = null)
    {
        var row = new JsonObject
        {
            ["id"] = id,
            ["name"] = $"Model {id}",
            ["created"] = 1_760_000_000,
            ["input_modalities"] = new JsonArray("text", "image"),
            ["output_modalities"] = new JsonArray("text"),
            ["endpoints"] = new JsonArray([.. endpoints]),
        };
        models.Add((JsonNode)Merged(row, more));
    }

    public static JsonObject Endpoint(StubProvider provider, decimal promptPrice = PromptPrice, decimal completionPrice = CompletionPrice,
        JsonObject? more = null) => Merged(new JsonObject
        {
            ["provider"] = provider.Slug,
            ["upstream_model"] = provider.UpstreamModel,
            ["context_length"] = 128_000,
            ["max_completion_tokens"] = 8192,
            ["pricing"] = new JsonObject { ["prompt"] = $"{promptPrice}", ["completion"] = $"{completionPrice}" },
            ["supported_parameters"] = new JsonArray("max_tokens", "temperature", "top_p", "stop", "seed", "tools", "tool_choice", "response_format",
            "structured_outputs"),
        }, more);

    /// <summary>Display name of a stub's provider.</summary>
    public static string NameOf(StubProvider provider) => "Provider " + provider.Slug;

    public override string ToString() => new JsonObject { ["providers"] = providers.DeepClone(), ["models"] = models.DeepClone() }.ToJsonString();

    private static JsonObject Merged(JsonObject row, JsonObject? more)
    {
        foreach (var (name, value) in more ?? []) row[name] = value?.DeepClone();
        return row;
    }
}
