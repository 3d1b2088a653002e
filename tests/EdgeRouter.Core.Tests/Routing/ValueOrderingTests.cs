using EdgeRouter.Core.Health;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;
using static EdgeRouter.Core.Tests.Routing.PlannerFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Dollars and milliseconds on one scale.</summary>
public sealed class ValueOrderingTests
{
    [Fact]
    public void A_second_of_waiting_is_weighed_against_the_price()
    {
        // 1,000 prompt and 500 output tokens: $0.0015 against $0.003. 5 s against 0.3 s to the first token are worth $0.0047.
        var router = new PlannerFixture(At("slow", 1), At("quick", 2));
        router.Answers("slow", 40, firstToken: 5);
        router.Answers("quick", 40, firstToken: 0.3);
        Assert.True(router.Firsts(Request("value"))["quick"] > 0.97);

        // At a hundredth of that wait the price decides.
        router = new PlannerFixture(At("slow", 1), At("quick", 2));
        router.Answers("slow", 40, firstToken: 0.05);
        router.Answers("quick", 40, firstToken: 0.003);
        Assert.True(router.Firsts(Request("value"))["slow"] > 0.97);
    }

    [Fact]
    public void Failures_cost()
    {
        var router = new PlannerFixture(At("flaky", 1), At("steady", 1.3m));
        router.Answers("steady", 100);
        for (var i = 0; i < 10; i++)
        {
            router.Answers("flaky", 3);
            router.Fails("flaky", 2);
            router.Time.Advance(TimeSpan.FromSeconds(10));
            router.Answers("steady", 3);
        }

        Assert.Equal("steady", router.Plan(Request("value")).Candidates[0].Tag);
    }

    [Fact]
    public void An_endpoint_at_its_cap_loses_to_one_that_is_not_much_dearer()
    {
        var router = new PlannerFixture(At("capped", 1), At("other", 1.2m));
        router.Answers("other", 40);
        router.Answers("capped", 99);
        router.Fails("capped", 1, AttemptResult.RateLimited, TimeSpan.Zero);

        Assert.True(router.Firsts(Request("value"))["other"] > 0.97);
    }

    [Fact]
    public void Equal_scores_are_drawn_evenly_and_one_far_worse_is_explored_only()
    {
        var router = new PlannerFixture(At("one", 10), At("two", 10.5m), At("worse", 20));
        foreach (var tag in new[] { "one", "two", "worse" }) router.Answers(tag, 40, firstToken: 0.002, tokensPerSecond: 10_000);

        var firsts = router.Firsts(Request("value"), 20_000);

        Assert.InRange(firsts["two"], 0.2, 0.35);
        Assert.InRange(firsts["worse"], 0.005, 0.02);
    }

    [Fact]
    public void Untried_endpoints_are_expected_to_be_like_their_peers()
    {
        var router = new PlannerFixture(At("known", 10), At("untried", 1));
        router.Answers("known", 40, firstToken: 4);

        Assert.True(router.Firsts(Request("value"))["untried"] > 0.97);
    }

    [Fact]
    public void A_cheaper_endpoint_that_is_else_equal_never_scores_worse()
    {
        var random = new Random(41);
        for (var round = 0; round < 200; round++)
        {
            var cheap = (decimal)random.Next(1, 1000) / 10;
            var router = new PlannerFixture(At("dear", cheap * (1 + random.Next(1, 50) / 100m)), At("cheap", cheap));
            var (first, speed) = (random.NextDouble() * 5, 5 + random.NextDouble() * 200);
            router.Answers("dear", 30, first, speed);
            router.Answers("cheap", 30, first, speed);

            var explanation = router.Plan(Request("value"), round, explain: true).Explanation!;

            var scores = explanation.Candidates.ToDictionary(candidate => candidate.Endpoint.Tag, candidate => candidate.Score!.Value);
            Assert.True(scores["cheap"] <= scores["dear"]);
        }
    }

    [Fact]
    public void The_explanation_gives_every_candidate_its_score_and_parts()
    {
        var router = new PlannerFixture(At("slow", 1), At("quick", 2), At("broken", 3));
        router.Answers("slow", 40, firstToken: 5);
        router.Answers("quick", 40, firstToken: 0.3);
        router.Fails("broken", 3);

        var explanation = router.Plan(Request("value"), explain: true).Explanation!;

        Assert.Equal(["quick", "slow", "broken"], explanation.Candidates.Select(candidate => candidate.Endpoint.Tag));
        Assert.All(explanation.Candidates, candidate => Assert.Equal("usd", candidate.Unit));
        Assert.Equal(0.003, explanation.Candidates[0].ExpectedCost, 1e-4);
        Assert.Contains("first token 0.005", explanation.Candidates[1].Reason, StringComparison.Ordinal);
        Assert.Contains("breaker is open", explanation.Candidates[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Explaining_changes_nothing()
    {
        var router = new PlannerFixture(At("a", 1), At("b", 1.1m), At("c", 1.2m));
        foreach (var sort in new[] { null, "value", "price", "latency", "exacto" })
            for (var seed = 0; seed < 50; seed++)
            {
                Assert.Equal(router.Order(Request(sort), seed), Tags(router.Plan(Request(sort), seed, explain: true)));
                Assert.Null(router.Plan(Request(sort), seed).Explanation);
            }
    }
}
