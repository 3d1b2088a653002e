using EdgeRouter.Core.Catalog;
using Xunit;
using static EdgeRouter.Core.Tests.Catalog.CatalogFixture;

namespace EdgeRouter.Core.Tests.Catalog;

public sealed class CatalogLoaderTests
{
    /// <summary>The example of the documentation, with every optional member.</summary>
    private const string Whole = """
        { "providers": [ { "slug": "gamma", "name": "Gamma", "dialect": "openai-chat", "base_url": "https://api.gamma.example/v1/",
                           "auth": "bearer", "abort_stops_billing": true, "headquarters": "US", "datacenters": ["US"],
                           "cached_tokens": "prompt_cache_hit_tokens",
                           "parameter_renames": { "seed": "random_seed" }, "refused_parameters": ["top_k"], "accepts_stream_options": false,
                           "query": "v=1", "env": ["GAMMA_KEY"], "data_policy": { "training": false, "retains_prompts": null } } ],
          "models":    [ { "id": "acme/one", "canonical_slug": "acme/one-2026", "name": "Acme One", "description": "First.", "created": 1760000000,
                           "context_length": 128000, "input_modalities": ["text", "image"], "output_modalities": ["text"], "hugging_face_id": "acme/One",
                           "knowledge_cutoff": "2026-01", "distillable": true, "source": "acme", "source_date": "2026-07-02", "aliases": ["one"],
                           "endpoints": [ { "provider": "gamma", "tag": "gamma/fast", "upstream_model": "one-v1", "context_length": 64000,
                                            "max_completion_tokens": 8192, "max_prompt_tokens": 60000, "quantization": "fp8", "implicit_caching": true,
                                            "pricing": { "prompt": "0.000001", "completion": "0.000002", "input_cache_read": "0.0000001", "web_search": "0.01",
                                                         "overrides": [ { "min_prompt_tokens": 32000, "prompt": "0.000002" } ] },
                                            "supported_parameters": ["temperature", "tools", "response_format"],
                                            "data_policy": { "training": false, "retains_prompts": false }, "regions": ["us"] } ] } ] }
        """;

    private static CatalogSnapshot LoadWhole() => CatalogLoader.Load(Sources(Whole) with
    {
        Settings = new Dictionary<string, ProviderSettings> { ["gamma"] = new() { ApiKey = "k" } },
    });

    [Fact]
    public void Every_member_of_a_model_arrives()
    {
        var model = Assert.Single(LoadWhole().Models);
        Assert.Equal(("acme/one", "acme/one-2026", "Acme One", "First.", 1760000000L),
            (model.Id, model.CanonicalSlug, model.Name, model.Description, model.Created));
        Assert.Equal((64000, "acme/One", "2026-01", true, "acme", "2026-07-02"),
            (model.ContextLength, model.HuggingFaceId, model.KnowledgeCutoff, model.Distillable, model.Source, model.SourceDate));
        Assert.Equal(["image", "text"], model.InputModalities.Order());
        Assert.Equal(["text"], model.OutputModalities);
    }

    [Fact]
    public void Every_member_of_an_endpoint_arrives()
    {
        var endpoint = Assert.Single(LoadWhole().FindModel("acme/one")!.Endpoints);
        Assert.Equal(("acme/one@gamma/fast", "one-v1", 64000, 8192, 60000, "fp8", true),
            (endpoint.Id, endpoint.UpstreamModel, endpoint.ContextLength, endpoint.MaxCompletionTokens, endpoint.MaxPromptTokens, endpoint.Quantization,
                endpoint.ImplicitCaching));
        Assert.Equal(RequestParameters.Temperature | RequestParameters.Tools | RequestParameters.ResponseFormat, endpoint.SupportedParameters);
        Assert.True(endpoint.DataPolicy.IsZeroDataRetention);
        Assert.Equal(["us"], endpoint.Regions);
        var pricing = endpoint.Pricing!;
        Assert.Equal((0.000001m, 0.000002m, 0.0000001m, 0.01m, (decimal?)null),
            (pricing.Prompt, pricing.Completion, pricing.InputCacheRead, pricing.WebSearch, pricing.Image));
        Assert.Equal(new PricingOverride(32000) { Prompt = 0.000002m }, Assert.Single(pricing.Overrides));
    }

    [Fact]
    public void Every_member_of_a_provider_arrives()
    {
        var provider = LoadWhole().FindProvider("GAMMA")!;
        Assert.Equal(("gamma", "Gamma", "openai-chat", "https://api.gamma.example/v1", "bearer", "k"),
            (provider.Slug, provider.Name, provider.Wire, provider.BaseUrl!.AbsoluteUri, provider.Auth, provider.ApiKey));
        Assert.Equal((true, false, CachedTokenCounting.PromptCacheHitTokens, "v=1", RequestParameters.TopK, "US"),
            (provider.AbortStopsBilling, provider.AcceptsStreamOptions, provider.CachedTokens, provider.Query, provider.RefusedParameters,
                provider.Headquarters));
        Assert.Equal("random_seed", provider.ParameterRenames["seed"]);
        Assert.Equal(new DataPolicy(false, null), provider.DataPolicy);
    }

    [Theory, InlineData("acme/one"), InlineData("ACME/One"), InlineData("one"), InlineData("acme/one-2026")]
    public void A_model_is_found_by_id_alias_and_canonical_slug(string name) => Assert.Equal("acme/one", LoadWhole().FindModel(name)?.Id);

    [Fact]
    public void Members_left_out_take_their_defaults()
    {
        var model = Assert.Single(Load(Model()).Models);
        var endpoint = Assert.Single(model.Endpoints);
        Assert.Equal(("acme/one", "acme/one", (int?)null), (model.Name, model.CanonicalSlug, model.ContextLength));
        Assert.Equal(["text"], model.InputModalities);
        Assert.Equal(("alpha", "unknown", (Pricing?)null), (endpoint.Tag, endpoint.Quantization, endpoint.Pricing));
        Assert.Equal(new DataPolicy(false, true), endpoint.DataPolicy);
        Assert.True(endpoint.SupportedParameters.HasFlag(RequestParameters.Tools | RequestParameters.Logprobs | RequestParameters.Reasoning));
    }

    [Fact]
    public void A_later_file_replaces_the_members_that_it_gives()
    {
        var model = Assert.Single(Load(
            Model(", \"name\": \"Old\", \"description\": \"Kept.\""),
            """{ "models": [ { "id": "acme/one", "name": "New", "description": null } ] }""").Models);
        Assert.Equal(("New", "Kept."), (model.Name, model.Description));
        Assert.Equal("one", Assert.Single(model.Endpoints).UpstreamModel);
    }

    [Fact]
    public void A_later_file_replaces_endpoints_by_tag_and_adds_others()
    {
        var model = Assert.Single(Load(
            Model(endpoint: ", \"quantization\": \"fp8\""),
            """
            { "models": [ { "id": "acme/one", "endpoints": [ { "provider": "alpha", "tag": "alpha/eu", "upstream_model": "one-eu" },
                                                             { "provider": "alpha", "upstream_model": "two" } ] } ] }
            """).Models);
        Assert.Equal([("alpha", "two", "unknown"), ("alpha/eu", "one-eu", "unknown")],
            model.Endpoints.Select(endpoint => (endpoint.Tag, endpoint.UpstreamModel, endpoint.Quantization)));
    }

    [Fact]
    public void A_later_file_replaces_members_of_a_provider()
    {
        var provider = Load("""{ "providers": [ { "slug": "alpha", "base_url": "https://proxy.example/alpha" } ] }""", Model()).FindProvider("alpha")!;
        Assert.Equal(("Alpha", "https://proxy.example/alpha"), (provider.Name, provider.BaseUrl!.AbsoluteUri));
    }

    [Fact]
    public void An_endpoint_moved_to_a_provider_that_does_not_serve_is_gone()
    {
        var snapshot = Load(Model(),
            """{ "models": [ { "id": "acme/one", "endpoints": [ { "provider": "beta-cloud", "tag": "alpha", "upstream_model": "x" } ] } ] }""");
        Assert.Empty(snapshot.Models);
    }

    [Fact]
    public void Models_without_a_serving_provider_are_not_in_the_snapshot()
    {
        var sources = Sources(Model(),
            """{ "models": [ { "id": "acme/two", "aliases": ["two"], "endpoints": [ { "provider": "beta-cloud", "upstream_model": "x" } ] } ] }""");
        var snapshot = CatalogLoader.Load(sources);
        Assert.Equal(["acme/one"], snapshot.Models.Select(model => model.Id));
        Assert.Null(snapshot.FindModel("acme/two"));
        Assert.Null(snapshot.FindModel("two"));
        Assert.Equal(["alpha"], snapshot.Providers.Select(provider => provider.Slug));
    }

    [Fact]
    public void Newest_models_come_first()
    {
        var snapshot = Load(Model(", \"created\": 1", id: "acme/old"), Model(", \"created\": 3", id: "acme/new-b"),
            Model(", \"created\": 3", id: "acme/new-a"));
        Assert.Equal(["acme/new-a", "acme/new-b", "acme/old"], snapshot.Models.Select(model => model.Id));
    }

    [Fact]
    public void A_byte_order_mark_is_allowed() => Assert.Single(Load("\uFEFF" + Model()).Models);

    [Fact]
    public void Equal_sets_are_shared_between_models()
    {
        var models = Load(Model(", \"input_modalities\": [\"text\", \"image\"]"), Model(", \"input_modalities\": [\"image\", \"text\"]", id: "acme/two"))
            .Models;
        Assert.Same(models[0].InputModalities, models[1].InputModalities);
    }
}
