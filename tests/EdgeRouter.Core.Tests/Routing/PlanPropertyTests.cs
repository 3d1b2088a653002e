using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>What holds of every plan, over random catalogs, histories and wishes.</summary>
public sealed class PlanPropertyTests
{
    private static readonly string?[] Sorts = [null, "price", "throughput", "latency", "exacto", "value"];

    [Fact]
    public void Every_endpoint_is_either_a_candidate_or_excluded_and_no_excluded_one_is_a_candidate()
    {
        ForRandomCases((router, request, seed) =>
        {
            var plan = router.Plan(request, seed);

            var all = plan.Candidates.Concat(plan.Exclusions.Select(exclusion => exclusion.Endpoint)).ToArray();
            Assert.Equal(router.Catalog.Models[0].Endpoints.Count, all.Length);
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.All(plan.Candidates, candidate => Assert.True(MeetsWishes(candidate, request)));
            Assert.InRange(plan.LastResortFrom, 0, plan.Candidates.Count);
            Assert.False(plan.HealthIgnored);
            Assert.Empty(router.Faults);
        });
    }

    [Fact]
    public void Same_seed_history_and_clock_give_the_same_plan() =>
        ForRandomCases((router, request, seed) => Assert.Equal(Tags(router.Plan(request, seed)), Tags(router.Plan(request, seed))));

    [Fact]
    public void Nothing_that_must_not_be_called_stands_before_something_that_may()
    {
        ForRandomCases((router, request, seed) =>
        {
            var plan = router.Plan(request, seed);
            for (var i = 0; i < plan.Candidates.Count; i++)
                Assert.Equal(i >= plan.LastResortFrom, router.Health.Find(plan.Candidates[i].Id)?.Read().BlockedUntil > 0);
        });
    }

    private static void ForRandomCases(Action<PlannerFixture, RequestFacts, int> check)
    {
        var random = new Random(77);
        for (var round = 0; round < 300; round++)
        {
            var router = new PlannerFixture([.. Enumerable.Range(0, random.Next(1, 80)).Select(i => At($"p{i}", random.Next(0, 30), tag: Tag(i, random),
                quantization: random.Next(2) == 0 ? "fp8" : "fp16", policy: random.Next(3) == 0 ? DataPolicy.Unknown : new DataPolicy(false, false)))]);
            foreach (var endpoint in router.Catalog.Models[0].Endpoints) Live(router, endpoint, random);
            var request = PlannerFixture.Request(Sorts[random.Next(Sorts.Length)], random.Next(3) == 0 ? $"s{random.Next(5)}" : null, new ProviderPreferences
            {
                DenyDataCollection = random.Next(2) == 0,
                Quantizations = random.Next(3) == 0 ? ["fp8"] : null,
                MaxPrice = random.Next(3) == 0 ? new MaxPrice(random.Next(5, 40), null, null, null, null) : null,
                PreferredMaxLatency = random.Next(3) == 0 ? new PercentileBounds(random.NextDouble() * 3, null, null, null) : null,
                Order = random.Next(4) == 0 ? ["p0", "p3", "p2"] : null,
            });
            request.Parameters = random.Next(3) == 0 ? RequestParameters.Tools : RequestParameters.None;
            try
            {
                check(router, request, random.Next());
            }
            catch (RouterException none) when (none.Error.Status == 404)
            {
                Assert.DoesNotContain(router.Catalog.Models[0].Endpoints, endpoint => MeetsWishes(endpoint, request));
            }
        }
    }

    private static string Tag(int i, Random random) => random.Next(10) switch { 0 => $"p{i}/flex", 1 => $"p{i}/priority", _ => $"p{i}" };

    private static bool MeetsWishes(Endpoint endpoint, RequestFacts request) =>
        (!request.Preferences.DenyDataCollection || endpoint.DataPolicy.IsZeroDataRetention)
        && request.Preferences.Quantizations?.Contains(endpoint.Quantization) != false
        && endpoint.Pricing!.Prompt * 1_000_000 <= (request.Preferences.MaxPrice?.Prompt ?? decimal.MaxValue)
        && ServiceTiers.Of(endpoint) is null;

    private static void Live(PlannerFixture router, Endpoint endpoint, Random random)
    {
        if (random.Next(3) == 0) return;
        for (var i = random.Next(12); i > 0; i--)
            switch (random.Next(8))
            {
                case 0: router.Fails(endpoint.Tag, random.Next(1, 4), (AttemptResult)random.Next(1, 11)); break;
                default: router.Answers(endpoint.Tag, random.Next(1, 4), random.NextDouble() * 3, 1 + random.NextDouble() * 100); break;
            }
    }
}
