using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;
using static EdgeRouter.Core.Tests.Routing.PlannerFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>What statistics change in the order.</summary>
public sealed class HealthyOrderingTests
{
    [Fact]
    public void Default_skips_an_endpoint_that_failed_in_the_last_30_seconds_and_takes_it_back_after()
    {
        var router = new PlannerFixture(At("cheap", 1), At("dear", 9));
        router.Fails("cheap", 2);
        router.Answers("cheap", 1);
        router.Fails("cheap", 1);

        // 3 of 4 failed, never 3 in a row: an outage, though no open breaker.
        Assert.Equal(BreakerState.Closed, router.Health.Of(router["cheap"]).Breaker);
        Assert.Equal(["dear", "cheap"], router.Order(Request()));
        Assert.Equal(2, router.Plan(Request()).LastResortFrom);

        router.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["cheap", "dear"], router.Order(Request()));
    }

    [Fact]
    public void Broken_endpoints_are_the_last_resort_under_every_ordering_and_never_struck_out()
    {
        foreach (var sort in new[] { null, "price", "throughput", "latency", "exacto", "value" })
        {
            var router = new PlannerFixture(At("cheap", 1), At("dear", 9));
            router.Fails("cheap", 3);

            var plan = router.Plan(Request(sort));

            Assert.Equal(["dear", "cheap"], Tags(plan));
            Assert.Equal(1, plan.LastResortFrom);
        }
    }

    [Fact]
    public void With_everything_broken_everything_is_still_a_candidate()
    {
        var router = new PlannerFixture(At("one", 1), At("two", 9));
        router.Fails("one", 3);
        router.Fails("two", 3);

        var plan = router.Plan(Request());

        Assert.Equal(["one", "two"], Tags(plan));
        Assert.Equal(0, plan.LastResortFrom);
    }

    [Fact]
    public void A_fallback_model_stands_before_a_broken_primary()
    {
        var router = new PlannerFixture(CatalogOf(Model("acme/one", At("first")), Model("acme/two", At("second"))));
        router.Fails("first", 3);
        var request = Request();
        request.FallbackModels = ["acme/two"];

        Assert.Equal(["second", "first"], router.Order(request));
    }

    [Fact]
    public void Retry_After_takes_an_endpoint_out_of_the_way_until_then()
    {
        var router = new PlannerFixture(At("cheap", 1), At("dear", 9));
        router.Fails("cheap", 1, AttemptResult.RateLimited, TimeSpan.FromSeconds(10));

        Assert.Equal(["dear", "cheap"], router.Order(Request("price")));
        router.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(["cheap", "dear"], router.Order(Request("price")));
    }

    [Fact]
    public void Without_fallbacks_the_one_that_stays_is_one_that_works()
    {
        var router = new PlannerFixture(At("cheap", 1), At("dear", 9));
        router.Fails("cheap", 3);

        Assert.Equal(["dear"], router.Order(Request(preferences: new ProviderPreferences { AllowFallbacks = false })));
    }

    [Fact]
    public void Latency_and_throughput_sort_by_the_median_and_put_the_unmeasured_behind()
    {
        var router = new PlannerFixture(At("untried", 1), At("slow", 2), At("quick", 3));
        router.Answers("slow", 30, firstToken: 3, tokensPerSecond: 200);
        router.Answers("quick", 30, firstToken: 0.3, tokensPerSecond: 20);

        Assert.Equal(["quick", "slow", "untried"], router.Order(Request("latency")));
        Assert.Equal(["slow", "quick", "untried"], router.Order(Request("throughput")));
    }

    [Theory]
    [InlineData(2.0, null, "quick slow")]
    [InlineData(5.0, null, "slow quick")]
    [InlineData(null, 100.0, "slow quick")]
    [InlineData(null, 10.0, "slow quick")]
    public void Cutoffs_move_what_misses_them_behind_and_remove_nothing(double? latency, double? throughput, string expected)
    {
        var router = new PlannerFixture(At("slow", 1), At("quick", 9));
        router.Answers("slow", 30, firstToken: 3, tokensPerSecond: 200);
        router.Answers("quick", 30, firstToken: 0.3, tokensPerSecond: 20);
        var wishes = new ProviderPreferences
        {
            PreferredMaxLatency = latency is { } most ? new PercentileBounds(most, null, most, null) : null,
            PreferredMinThroughput = throughput is { } least ? new PercentileBounds(null, null, null, least) : null,
        };

        Assert.Equal(expected, string.Join(' ', router.Order(Request("price", preferences: wishes))));
    }

    [Fact]
    public void A_fallback_model_that_meets_the_cutoff_goes_before_a_primary_that_does_not()
    {
        var router = new PlannerFixture(CatalogOf(Model("acme/one", At("slow")), Model("acme/two", At("quick"))));
        router.Answers("slow", 30, firstToken: 3);
        router.Answers("quick", 30, firstToken: 0.3);
        var request = Request(preferences: new ProviderPreferences { PreferredMaxLatency = new PercentileBounds(1, null, null, null) });
        request.FallbackModels = ["acme/two"];

        Assert.Equal(["quick", "slow"], router.Order(request));
    }

    [Fact]
    public void Tools_put_good_tool_calling_first_then_the_unknown_then_the_bad()
    {
        var router = new PlannerFixture(At("bad", 1), At("unknown", 2), At("good1", 3), At("good2", 4), At("good3", 5), At("good4", 6));
        foreach (var tag in new[] { "good1", "good2", "good3", "good4" })
        {
            router.Answers(tag, 210, tools: ToolCallQuality.Good);
            router.Answers(tag, tag[4] - '0', tools: ToolCallQuality.Bad);
        }
        router.Answers("bad", 150, tools: ToolCallQuality.Good);
        router.Answers("bad", 100, tools: ToolCallQuality.Bad);
        var request = Request();
        request.Parameters = RequestParameters.Tools;

        var plan = router.Plan(request);

        Assert.Equal("exacto", plan.Ordering);
        Assert.StartsWith("good", plan.Candidates[0].Tag, StringComparison.Ordinal);
        Assert.Equal(["unknown", "bad"], Tags(plan)[4..]);
        request.Preferences = request.Preferences with { Sort = "price" };
        Assert.Equal("bad", router.Plan(request).Candidates[0].Tag);
    }

    [Fact]
    public void Exacto_judges_nobody_among_fewer_than_four()
    {
        var router = new PlannerFixture(At("bad", 1), At("good", 9));
        router.Answers("good", 300, tools: ToolCallQuality.Good);
        router.Answers("bad", 300, tools: ToolCallQuality.Bad);

        Assert.Equal(["bad", "good"], router.Order(Request("exacto")));
    }

    [Fact]
    public void Of_two_equals_the_less_loaded_goes_first()
    {
        var router = new PlannerFixture(At("one", 2), At("two", 2));
        router.Answers("one", 5, firstToken: 0.5);
        router.Answers("two", 5, firstToken: 0.5);
        for (var i = 0; i < 3; i++) router.Health.Of(router["one"]).AttemptStarted();

        Assert.Equal(1, router.Firsts(Request())["two"], 1e-9);
    }

    [Fact]
    public void Statistics_that_fail_give_the_plain_order_and_a_note()
    {
        var time = new FailingClock();
        var faults = new List<Exception>();
        var catalog = CatalogOf(Model("acme/one", At("cheap", 1), At("dear", 9)));
        var health = new HealthRegistry(time, new Random(1));
        health.Of(catalog.Models[0].Endpoints[0]);
        var planner = new RoutePlanner(BuiltInOrderings.With(), Policy, health, null, new NotedFaults(faults));
        time.Fails = true;

        var plan = planner.Plan(Request("value"), catalog, new Random(1));

        Assert.Equal(["cheap", "dear"], Tags(plan));
        Assert.True(plan.HealthIgnored);
        Assert.Single(faults);
    }

    [Fact]
    public void An_ordering_that_throws_does_not_fail_the_request()
    {
        var faults = new List<Exception>();
        var planner = new RoutePlanner(BuiltInOrderings.With(new Exploding()), Policy, null, null, new NotedFaults(faults));

        var plan = planner.Plan(Request("exploding"), CatalogOf(Model("acme/one", At("cheap", 1), At("dear", 9))), new Random(1));

        Assert.Equal(["cheap", "dear"], Tags(plan));
        Assert.IsType<InvalidOperationException>(Assert.Single(faults));
    }

    private sealed class Exploding : IEndpointOrdering
    {
        public string Name => "exploding";

        public void Order(Span<Endpoint> endpoints, in OrderingContext context) => throw new InvalidOperationException("statistics are gone");
    }

    private sealed class FailingClock : TimeProvider
    {
        private readonly VirtualTimeProvider inner = new();

        public bool Fails { get; set; }

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => Fails ? throw new InvalidOperationException("the clock is gone") : inner.GetTimestamp();
    }
}
