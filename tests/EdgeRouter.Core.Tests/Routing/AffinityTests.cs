using EdgeRouter.Core.Routing;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;
using static EdgeRouter.Core.Tests.Routing.PlannerFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Prompt-cache affinity: a rendezvous hash with bounded load, and a memory weighed in money.</summary>
public sealed class AffinityTests
{
    private readonly PlannerFixture router = new(At("one", 1, cacheRead: 0.1m), At("two", 1, cacheRead: 0.1m), At("three", 3, cacheRead: 0.3m), At("four", 1));

    [Theory]
    [InlineData(null)]
    [InlineData("value")]
    public void A_conversation_stays_at_its_endpoint_on_every_instance(string? sort)
    {
        var other = new PlannerFixture(router.Catalog);
        for (var i = 0; i < 100; i++)
        {
            var session = $"conversation {i}";
            Assert.Single(Enumerable.Range(0, 10).Select(seed => router.Order(Request(sort, session), seed)[0]).Append(other.Order(Request(sort, session))[0])
                .Distinct());
        }
    }

    [Fact]
    public void Conversations_spread_as_the_default_weights_say()
    {
        var nineToOne = new PlannerFixture(At("one", 1, cacheRead: 0.1m), At("three", 3, cacheRead: 0.3m));

        var first = Enumerable.Range(0, 5000).Count(i => nineToOne.Order(Request(session: $"c{i}"))[0] == "one");

        Assert.InRange(first / 5000.0, 0.885, 0.915);
    }

    [Fact]
    public void Losing_an_endpoint_moves_only_its_own_conversations()
    {
        var sessions = Enumerable.Range(0, 300).Select(i => $"c{i}").ToArray();
        var before = sessions.ToDictionary(session => session, session => router.Order(Request(session: session))[0]);
        router.Fails("one", 3);

        foreach (var session in sessions)
            if (before[session] != "one") Assert.Equal(before[session], router.Order(Request(session: session))[0]);
            else Assert.NotEqual("one", router.Order(Request(session: session))[0]);
    }

    [Fact]
    public void Accounts_and_models_have_conversations_of_their_own()
    {
        var mine = Enumerable.Range(0, 100).Select(i => router.Order(Request(session: $"c{i}"))[0]);
        var theirs = Enumerable.Range(0, 100).Select(i =>
        {
            var request = Request(session: $"c{i}");
            request.Account = "other";
            return router.Order(request)[0];
        });

        Assert.NotEqual(mine, theirs);
    }

    [Fact]
    public void A_warm_cache_draws_the_conversation_back_after_a_failover()
    {
        var request = Request(session: "mine");
        var home = router.Order(request)[0];
        var away = home == "two" ? "one" : "two";

        router.Affinity.Answered(request, router[away], 1000, 900);

        Assert.Equal(away, router.Order(request)[0]);
        router.Time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.Equal(home, router.Order(request)[0]);
    }

    [Fact]
    public void A_warm_cache_that_costs_more_than_a_cold_one_is_let_go()
    {
        var request = Request(session: "mine");
        router.Affinity.Answered(request, router["three"], 1000, 900);
        // 500 output tokens at $3 outweigh what a cached prompt of 1,000 tokens saves.
        Assert.NotEqual("three", router.Order(request)[0]);

        request.TextBytes = 400_000;
        router.Affinity.Answered(request, router["three"], 100_000, 90_000);
        Assert.Equal("three", router.Order(request)[0]);
    }

    [Theory]
    [InlineData("one", "session", 0, true)]
    [InlineData("one", null, 900, true)]
    [InlineData("one", null, 0, false)]
    [InlineData("four", "session", 900, false)]
    public void Remembered_only_where_a_cache_is_cheaper_and_its_use_was_reported_or_a_session_named(string tag, string? session, long cacheTokens,
        bool remembered)
    {
        var request = Request(session: session);
        request.ConversationHash = 7;
        request.TextBytes = 4096;
        router.Affinity.Answered(request, router[tag], 1000, cacheTokens);

        var explanation = router.Plan(request, explain: true).Explanation!;

        Assert.Equal(remembered, explanation.Candidates.Any(candidate => candidate.Reason.Contains("in its cache", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(4080, true)]
    [InlineData(4000, false)]
    public void Messages_name_a_conversation_only_when_they_are_long_enough_for_a_providers_cache(long textBytes, bool drawnAlike)
    {
        var request = Request();
        request.ConversationHash = 7;
        request.MessageCount = 1;
        request.TextBytes = textBytes;

        Assert.Equal(drawnAlike, Enumerable.Range(0, 30).Select(seed => router.Order(request, seed)[0]).Distinct().Count() == 1);
    }

    [Fact]
    public void An_order_of_the_caller_switches_affinity_off()
    {
        var request = Request(session: "mine", preferences: new ProviderPreferences { Order = ["four"] });
        router.Affinity.Answered(request, router["two"], 1000, 900);

        Assert.Equal("four", router.Order(request)[0]);
        Assert.True(Enumerable.Range(0, 30).Select(seed => router.Order(request, seed)[1]).Distinct().Count() > 1);
    }

    [Fact]
    public void A_home_with_more_than_twice_the_mean_load_passes_the_conversation_on()
    {
        var request = Request(session: "mine");
        var home = router.Order(request)[0];
        for (var i = 0; i < 40; i++) router.Health.Of(router[home]).AttemptStarted();
        router.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(home, router.Order(request)[0]);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Tool_loop_and_signed_reasoning_keep_to_the_first_model(bool toolLoop, bool signed)
    {
        var two = TwoModels();

        var plan = two.Plan(InTheMiddle(toolLoop, signed));

        Assert.Equal(["one"], Tags(plan));
        Assert.Equal(("two", ExclusionReason.OtherModel), Assert.Single(plan.Exclusions) is var left ? (left.Endpoint.Tag, left.Reason) : default);
    }

    [Fact]
    public void Tool_loop_keeps_to_the_fallback_model_that_answered_the_conversation_before()
    {
        var two = TwoModels();
        var request = InTheMiddle(toolLoop: true, signed: false);
        two.Affinity.Answered(request, two["two"], promptTokens: 5000, cacheTokens: 0);

        Assert.Equal(["two"], two.Order(request));
    }

    [Fact]
    public void Without_a_tool_loop_the_fallback_model_stays_a_fallback() =>
        Assert.Equal(["one", "two"], TwoModels().Order(InTheMiddle(toolLoop: false, signed: false)));

    private static PlannerFixture TwoModels() =>
        new(CatalogOf(Model("acme/one", At("one", 1, cacheRead: 0.1m)), Model("acme/two", At("two", 1, cacheRead: 0.1m))));

    private static RequestFacts InTheMiddle(bool toolLoop, bool signed) =>
        new() { Model = "acme/one", FallbackModels = ["acme/two"], SessionId = "s", InToolLoop = toolLoop, HasSignedReasoning = signed };
}
