using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.TestSupport.Routing;

/// <summary>A catalog of the size that a real one has, and endpoints that have served.</summary>
public static class LargeCatalog
{
    public static CatalogSnapshot Create(int models, int endpointsPerModel)
    {
        var providers = Enumerable.Range(0, endpointsPerModel).Select(i => new Provider
        {
            Slug = $"provider{i}",
            Name = $"Provider {i}",
            Dialect = DialectNames.OpenAIChat,
            BaseUrl = new Uri("https://example.com/v1"),
            Auth = AuthSchemes.Bearer,
        }).ToArray();
        return new CatalogSnapshot([.. Enumerable.Range(0, models).Select(i => CreateModel(i, providers))], providers, new Dictionary<string, string>());
    }

    /// <summary>Some dozens of answers of a random speed.</summary>
    public static void GiveHistory(EndpointHealth health, Random random)
    {
        var seconds = 0.2 + random.NextDouble();
        for (var i = 0; i < 40; i++)
        {
            var ticket = health.AttemptStarted();
            health.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(seconds));
            health.AttemptEnded(ref ticket, new AttemptReport(AttemptResult.Answered) { Duration = TimeSpan.FromSeconds(4 + seconds), OutputTokens = 300 });
        }
    }

    private static Model CreateModel(int number, Provider[] providers)
    {
        var model = new Model
        {
            Id = $"author{number % 20}/model-{number}",
            CanonicalSlug = $"author{number % 20}/model-{number}",
            Name = $"Model {number}",
            InputModalities = new[] { "text" }.ToFrozenSet(),
            OutputModalities = new[] { "text" }.ToFrozenSet(),
        };
        model.Endpoints = [.. providers.Select((provider, i) => new Endpoint
        {
            Model = model,
            Provider = provider,
            Tag = provider.Slug,
            UpstreamModel = $"model-{number}",
            ContextLength = 128_000,
            MaxCompletionTokens = 16_000,
            Pricing = new Pricing { Prompt = 0.000001m * (1 + i * 0.2m), Completion = 0.000003m * (1 + i * 0.2m), InputCacheRead = 0.0000002m },
            SupportedParameters = (RequestParameters)ulong.MaxValue,
            DataPolicy = new DataPolicy(false, false),
        })];
        return model;
    }
}
