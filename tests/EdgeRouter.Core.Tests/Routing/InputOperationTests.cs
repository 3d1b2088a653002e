using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Operations that charge their inputs alone: embeddings and reranking.</summary>
public sealed class InputOperationTests
{
    [Theory]
    [InlineData("embeddings")]
    [InlineData("rerank")]
    public void Nothing_that_a_provider_reports_costs_more_than_is_held(string name)
    {
        var operation = name == "rerank" ? Operation.Rerank : Operation.Embeddings;
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var request = new RequestFacts
            {
                Operation = operation,
                PromptCount = random.Next(1, 300),
                TextBytes = random.Next(100_000),
                MediaCount = random.Next(3),
            };
            request.ImageCount = request.MediaCount;
            var bytes = random.Next(100, 100_000);
            var endpoint = EndpointWith(new Pricing { Prompt = 0.000001m, Completion = 0.5m, Request = random.Next(2) * 0.002m, Image = 0.01m });
            var reported = new TokenUsage
            {
                Input = Any(random),
                InputImage = Any(random),
                Output = Any(random),
                CacheRead = Any(random),
                SearchUnits = (int?)Any(random),
            };

            var possible = operation.PossibleUsage(reported, request, new BytesSeen(bytes, 0), endpoint, Policy);

            var most = operation.WorstCase(request, bytes, endpoint, Policy);
            Assert.InRange(CostCalculator.Price(possible, endpoint.Pricing!, request.ImageCount).Total.Value, 0, most.Value);
            Assert.InRange(CostCalculator.Price(operation.CountUsage(request, 0), endpoint.Pricing!, request.ImageCount).Total.Value, 0, most.Value);
            Assert.Equal(0, possible.CompletionTotal);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    public void Reranking_is_estimated_at_a_search_unit_for_100_documents(int documents, int units) =>
        Assert.Equal(units, Operation.Rerank.CountUsage(new RequestFacts { PromptCount = documents }, 0).SearchUnits);

    [Fact]
    public void Bound_tells_how_many_inputs_an_amount_can_pay()
    {
        var request = new RequestFacts { PromptCount = 10 };
        var endpoint = EndpointWith(new Pricing { Prompt = 0.000001m, Completion = 0 });
        var bound = Operation.Embeddings.Bound(request, 1000, endpoint, Policy);

        Assert.Equal(Operation.Embeddings.WorstCase(request, 1000, endpoint, Policy), bound.Most);
        Assert.Equal((10L, 5L), (bound.Affordable(bound.Most), bound.Affordable(new NanoDollars(bound.Most.Value / 2))));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Session_keeps_a_conversation_at_its_endpoint_and_other_inputs_not(bool isChat, int endpoints)
    {
        var catalog = isChat
            ? CatalogOf(Model("acme/one", At("alpha"), At("beta"))) : CatalogOf(EmbeddingsModel("acme/one", At("alpha"), At("beta")));
        var request = new RequestFacts { Model = "acme/one", SessionId = "s", Operation = isChat ? Operation.Chat : Operation.Embeddings };

        Assert.Equal(endpoints, Enumerable.Range(0, 50).Select(seed => Tags(Plan(catalog, request, seed))[0]).Distinct().Count());
    }

    private static long? Any(Random random) => random.Next(4) switch
    {
        0 => null,
        1 => random.Next(-5, 100),
        2 => random.Next(1_000_000),
        _ => int.MaxValue,
    };

    private static Endpoint EndpointWith(Pricing pricing) => Model("acme/one", At("alpha", pricing: pricing, context: 8192)).Endpoints[0];
}
