using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.TestSupport.Routing;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Small catalogs, built row by row.</summary>
internal static class CatalogFixture
{
    public static readonly RoutingPolicy Policy = new()
    {
        CarriedByWire = new Dictionary<string, RequestParameters>
        {
            [WireNames.OpenAIChat] = (RequestParameters)ulong.MaxValue,
            [WireNames.AnthropicMessages] = (RequestParameters)ulong.MaxValue & ~RequestParameters.Seed,
        }.ToFrozenDictionary(),
    };

    public static Provider Provider(string slug, string wire = WireNames.OpenAIChat) => new()
    {
        Slug = slug,
        Name = char.ToUpperInvariant(slug[0]) + slug[1..],
        Wire = wire,
        BaseUrl = new Uri("https://example.com/v1"),
        Auth = AuthSchemes.Bearer,
    };

    public static Model Model(string id, params Func<Model, Endpoint>[] endpoints) => Model(id, 0, endpoints);

    public static Model Model(string id, long created, params Func<Model, Endpoint>[] endpoints) => Model(id, created, "text", endpoints);

    public static Model EmbeddingsModel(string id, params Func<Model, Endpoint>[] endpoints) => Model(id, 0, "embeddings", endpoints);

    public static Model ImageModel(string id, params Func<Model, Endpoint>[] endpoints) => Model(id, 0, "image", endpoints);

    private static Model Model(string id, long created, string output, Func<Model, Endpoint>[] endpoints)
    {
        var model = new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = id,
            Created = created,
            InputModalities = new[] { "text", "image" }.ToFrozenSet(),
            OutputModalities = new[] { output }.ToFrozenSet(),
        };
        model.Endpoints = [.. endpoints.Select(make => make(model))];
        return model;
    }

    public static Func<Model, Endpoint> At(
        string slug, decimal price = 1, string? tag = null, RequestParameters supported = (RequestParameters)ulong.MaxValue, int? context = 100_000,
            int? maxOutput = 10_000,
        string quantization = "fp16", DataPolicy? policy = null, string wire = WireNames.OpenAIChat, bool priced = true, decimal? cacheRead = null,
            Pricing? pricing = null,
            params string[] regions) => model => new Endpoint
            {
                Model = model,
                Provider = Provider(slug, wire),
                Tag = tag ?? slug,
                UpstreamModel = slug + "-model",
                Pricing = pricing ?? (priced
                    ? new Pricing { Prompt = price / 1_000_000m, Completion = price / 1_000_000m, InputCacheRead = cacheRead / 1_000_000m }
                    : null),
                Regions = regions,
                SupportedParameters = supported,
                ContextLength = context,
                MaxCompletionTokens = maxOutput,
                Quantization = quantization,
                DataPolicy = policy ?? new DataPolicy(false, false),
            };

    public static CatalogSnapshot CatalogOf(params Model[] models) =>
        new(models, [.. models.SelectMany(model => model.Endpoints).Select(endpoint => endpoint.Provider).DistinctBy(provider => provider.Slug)],
            new Dictionary<string, string> { ["acme/old"] = "acme/one" });

    public static RoutePlan Plan(CatalogSnapshot catalog, RequestFacts request, int seed = 1, RoutingPolicy? policy = null) =>
        new RoutePlanner(BuiltInOrderings.With(), policy ?? Policy).Plan(request, catalog, new Random(seed));

    public static string[] Tags(RoutePlan plan) => [.. plan.Candidates.Select(endpoint => endpoint.Tag)];
}
