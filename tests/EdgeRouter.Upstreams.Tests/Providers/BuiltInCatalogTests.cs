using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Providers;

/// <summary>The built-in catalog over the whole provider table.</summary>
public sealed class BuiltInCatalogTests
{
    private static readonly CatalogSnapshot Whole = CatalogLoader.Load(AllProviders.Sources(BuiltInCatalog.ReadDocuments()));

    private static IEnumerable<Endpoint> Endpoints => Whole.Models.SelectMany(model => model.Endpoints);

    [Fact]
    public void There_are_at_least_400_models_beside_the_scripted_ones() =>
        Assert.InRange(Whole.Models.Count(model => model.Author != "scripted"), 400, 5000);

    [Fact]
    public void At_least_100_models_are_at_two_providers_or_more() =>
        Assert.InRange(Whole.Models.Count(model => model.Endpoints.Select(endpoint => endpoint.Provider.Slug).Distinct().Count() > 1), 100, 5000);

    [Fact]
    public void Every_model_has_source_date_and_name() => Assert.All(Whole.Models, model =>
    {
        Assert.NotNull(model.Source);
        Assert.NotNull(model.SourceDate);
        Assert.False(string.IsNullOrWhiteSpace(model.Name));
    });

    [Fact]
    public void Every_endpoint_has_a_price() => Assert.All(Endpoints, endpoint => Assert.NotNull(endpoint.Pricing));

    [Fact]
    public void Every_scripted_model_has_a_script() =>
        Assert.All(Endpoints.Where(endpoint => endpoint.Provider.Slug == "scripted"), endpoint => Assert.NotNull(ScriptedModel.Parse(endpoint.UpstreamModel)));

    [Fact]
    public void Nothing_is_free_but_what_is_free_for_everyone()
    {
        var free = Endpoints.Where(endpoint => endpoint.Pricing!.IsFree && endpoint.Provider.Slug is not "scripted")
            .Where(endpoint => !endpoint.UpstreamModel.EndsWith(":free", StringComparison.Ordinal))
            .Select(endpoint => endpoint.Id).Order(StringComparer.Ordinal);
        Assert.Equal(["z-ai/glm-4.5-flash@z-ai", "z-ai/glm-4.5-flash@zhipuai", "z-ai/glm-4.7-flash@z-ai", "z-ai/glm-4.7-flash@zhipuai"], free);
    }

    [Fact]
    public void No_endpoint_lists_what_its_provider_refuses() =>
        Assert.All(Endpoints.Where(endpoint => endpoint.Provider.Slug != "scripted"),
            endpoint => Assert.Equal(RequestParameters.None, endpoint.SupportedParameters & endpoint.Provider.RefusedParameters));

    [Fact]
    public void Reading_the_cache_is_never_dearer_than_reading_afresh() =>
        Assert.All(Endpoints,
            endpoint => Assert.True(endpoint.Pricing!.InputCacheRead is null || endpoint.Pricing.InputCacheRead <= endpoint.Pricing.Prompt, endpoint.Id));

    [Theory]
    [InlineData("openai/gpt-5.2", "openai", "gpt-5.2", "0.00000175", "0.000014")]
    [InlineData("anthropic/claude-opus-4.6", "anthropic", "claude-opus-4-6", "0.000005", "0.000025")]
    [InlineData("deepseek/deepseek-v4-pro", "fireworks", "accounts/fireworks/models/deepseek-v4-pro", null, null)]
    [InlineData("z-ai/glm-5.2", "together", "zai-org/GLM-5.2", null, null)]
    [InlineData("google/gemini-2.5-pro", "google-ai-studio", "gemini-2.5-pro", "0.00000125", "0.00001")]
    [InlineData("meta-llama/llama-3.3-70b-instruct", "groq", "llama-3.3-70b-versatile", "0.00000059", "0.00000079")]
    [InlineData("openai/gpt-oss-120b", "cerebras", "gpt-oss-120b", null, null)]
    [InlineData("moonshotai/kimi-k2.6", "moonshotai", "kimi-k2.6", null, null)]
    [InlineData("qwen/qwen3-coder", "alibaba", "qwen3-coder-480b-a35b-instruct", null, null)]
    [InlineData("mistralai/mistral-large-2512", "mistral", "mistral-large-2512", null, null)]
    [InlineData("x-ai/grok-4.3", "xai", "grok-4.3", null, null)]
    public void Model_is_at_its_provider_under_the_providers_name(string id, string tag, string upstreamModel, string? prompt, string? completion)
    {
        var endpoint = Assert.Single(Whole.FindModel(id)!.Endpoints, endpoint => endpoint.Tag == tag);
        Assert.Equal(upstreamModel, endpoint.UpstreamModel);
        if (prompt is not null) Assert.Equal((prompt, completion), ($"{endpoint.Pricing!.Prompt}", $"{endpoint.Pricing.Completion}"));
    }

    [Fact]
    public void Long_prompts_have_their_own_prices()
    {
        var pricing = Whole.FindModel("google/gemini-2.5-pro")!.Endpoints.Single(endpoint => endpoint.Tag == "google-ai-studio").Pricing!;
        Assert.Equal((200_000, 0.0000025m, 0.000015m), (pricing.Overrides[0].MinPromptTokens, pricing.Overrides[0].Prompt, pricing.Overrides[0].Completion));
    }

    [Fact]
    public void Scripted_models_serve_without_any_key()
    {
        var snapshot = CatalogLoader.Load(new CatalogSources
        {
            Providers = ProviderTable.Read(),
            Documents = BuiltInCatalog.ReadDocuments(),
            Settings = new Dictionary<string, ProviderSettings> { [ScriptedHandler.Slug] = new() { Enabled = true } },
        });
        Assert.Equal(
            ["content-filter", "context-length-error", "echo", "embeddings", "error-429", "error-500", "image", "json", "length", "malformed",
                "midstream-error", "reasoning", "rerank", "silent", "slow", "tools", "truncated", "usage-missing"],
            snapshot.Models.Select(model => model.Id["scripted/".Length..]).Order(StringComparer.Ordinal));
        Assert.Equal("scripted", Assert.Single(snapshot.Providers).Slug);
    }

    [Fact]
    public void One_key_brings_that_providers_models()
    {
        var snapshot = CatalogLoader.Load(new CatalogSources
        {
            Providers = ProviderTable.Read(),
            Documents = BuiltInCatalog.ReadDocuments(),
            EnvironmentVariable = name => name == "ANTHROPIC_API_KEY" ? "key" : null,
        });
        Assert.NotNull(snapshot.FindModel("anthropic/claude-opus-4.6"));
        Assert.All(snapshot.Models.SelectMany(model => model.Endpoints), endpoint => Assert.Equal("anthropic", endpoint.Provider.Slug));
    }
}
