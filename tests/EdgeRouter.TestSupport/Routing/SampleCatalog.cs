using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.TestSupport.Routing;

/// <summary>Catalogs in code: one of the size that a real one has, one of a single model; and endpoints that have served.</summary>
public static class SampleCatalog
{
    public static CatalogSnapshot Create(int models, int endpointsPerModel)
    {
        var providers = Enumerable.Range(0, endpointsPerModel).Select(i => CreateProvider($"provider{i}")).ToArray();
        var rows = providers.Select((provider, i) => (provider, 0.000001m * (1 + i * 0.2m), 0.000003m * (1 + i * 0.2m))).ToArray();
        return new CatalogSnapshot([.. Enumerable.Range(0, models).Select(i => CreateModel($"author{i % 20}/model-{i}", rows))], providers,
            new Dictionary<string, string>());
    }

    /// <summary>Some dozens of answers of a random speed.</summary>
    public static void GiveHistory(EndpointHealth health, Random random)
    {
        var seconds = 0.2 + random.NextDouble();
        for (var i = 0; i < 40; i++)
        {
            var ticket = health.AttemptStarted();
            health.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(seconds));
            health.AttemptEnded(ref ticket, new AttemptReport(AttemptResult.Answered)
            {
                Duration = TimeSpan.FromSeconds(4 + seconds),
                Output = new OutputAmount(300, OutputUnit.Tokens),
            });
        }
    }

    /// <summary>One model with endpoints by tag and prices per input and output token.</summary>
    public static CatalogSnapshot OneModel(string id, IReadOnlyList<(string Tag, decimal Prompt, decimal Completion)> endpoints)
    {
        var providers = endpoints.Select(row => CreateProvider(row.Tag)).ToArray();
        var model = CreateModel(id, [.. providers.Select((provider, i) => (provider, endpoints[i].Prompt, endpoints[i].Completion))]);
        return new CatalogSnapshot([model], providers, new Dictionary<string, string>());
    }

    private static Provider CreateProvider(string slug) => new()
    {
        Slug = slug,
        Name = slug,
        Wire = WireNames.OpenAIChat,
        BaseUrl = new Uri("https://example.com/v1"),
        Auth = AuthSchemes.Bearer,
    };

    private static Model CreateModel(string id, IReadOnlyList<(Provider Provider, decimal Prompt, decimal Completion)> rows)
    {
        var model = new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = id,
            InputModalities = new[] { "text" }.ToFrozenSet(),
            OutputModalities = new[] { "text" }.ToFrozenSet(),
        };
        model.Endpoints = [.. rows.Select(row => new Endpoint
        {
            Model = model,
            Provider = row.Provider,
            Tag = row.Provider.Slug,
            UpstreamModel = id,
            ContextLength = 128_000,
            MaxCompletionTokens = 16_000,
            Pricing = new Pricing { Prompt = row.Prompt, Completion = row.Completion, InputCacheRead = row.Prompt / 5 },
            SupportedParameters = (RequestParameters)ulong.MaxValue,
            DataPolicy = new DataPolicy(false, false),
        })];
        return model;
    }
}
