using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Forwarding;

/// <summary>When a silent attempt gets a second one beside it, and how many may.</summary>
public sealed class HedgingTests
{
    private static readonly HedgingSettings Settings = new(Enabled: true, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(0.5), Share: 0.05,
        MaxPromptTokens: 32_000);
    private readonly VirtualTimeProvider time = new();
    private readonly HealthRegistry health;
    private readonly PromptAffinity affinity;
    private readonly Endpoint endpoint;

    public HedgingTests()
    {
        health = new HealthRegistry(time, new Random(1));
        affinity = new PromptAffinity(time);
        var model = Candidates.Model("acme/one", ("a", 8000));
        endpoint = Candidates.WithEndpoints(model, new Pricing { Prompt = 0.000002m, Completion = 0.000004m, InputCacheRead = 0.0000002m }, ("a", 8000))
            .Endpoints[0];
    }

    [Theory]
    [InlineData(19, 2.0, 8)] // too few to learn from
    [InlineData(20, 2.0, 2)]
    [InlineData(20, 0.01, 0.5)] // never sooner than the floor
    [InlineData(20, 20, 20)] // a slow provider is waited for as long as it is used to take
    public void Stream_waits_for_the_95th_percentile_once_twenty_first_tokens_are_known(int known, double seconds, double expected)
    {
        Answered(known, seconds);

        Assert.Equal(expected, Start().Delay(Request(stream: true), endpoint).TotalSeconds, expected * 0.15);
    }

    [Fact]
    public void One_slow_answer_in_forty_does_not_make_the_wait_longer()
    {
        Answered(39, 1);
        Answered(1, 60);

        Assert.InRange(Start().Delay(Request(stream: true), endpoint).TotalSeconds, 0.8, 1.3);
    }

    [Fact]
    public void Whole_answer_waits_for_the_set_time_however_fast_its_streams_are()
    {
        Answered(50, 1);

        Assert.Equal(Settings.Delay, Start().Delay(Request(stream: false), endpoint));
    }

    [Fact]
    public void Nothing_is_hedged_when_it_is_switched_off() => Never(Settings with { Enabled = false }, Request(stream: true));

    [Fact]
    public void Caller_may_decline()
    {
        var request = Request(stream: true);
        request.Preferences = new ProviderPreferences { Hedge = false };
        Never(Settings, request);
    }

    [Fact]
    public void Huge_prompt_is_not_sent_twice()
    {
        var request = Request(stream: true);
        request.TextBytes = 4 * 32_001;
        Never(Settings, request);
    }

    [Fact]
    public void Endpoint_that_holds_the_prompt_in_its_cache_is_waited_for()
    {
        var request = Request(stream: true);
        request.SessionId = "s1";
        affinity.Answered(request, endpoint, promptTokens: 5000, cacheTokens: 4000);
        Never(Settings, request);
    }

    [Fact]
    public void No_more_than_the_share_of_the_requests_is_hedged_but_for_a_burst_of_five()
    {
        var hedging = Start();
        var hedged = 0;
        for (var request = 0; request < 1000; request++)
        {
            hedging.Earn();
            if (hedging.TrySpend()) hedged++;
        }

        Assert.InRange(hedged, 5 + 49, 5 + 50);
    }

    [Fact]
    public void Share_that_nobody_spends_is_saved_for_five_hedges_only()
    {
        var hedging = Start();
        for (var request = 0; request < 1000; request++) hedging.Earn();

        Assert.Equal(5, Enumerable.Range(0, 10).Count(_ => hedging.TrySpend()));
    }

    [Fact]
    public void Without_a_share_nobody_hedges() =>
        Assert.False(new Hedging(Settings with { Share = 0 }, health, affinity, NullLogger<Hedging>.Instance).TrySpend());

    private void Never(HedgingSettings settings, RequestFacts request)
    {
        Answered(50, 1);
        Assert.Equal(Timeout.InfiniteTimeSpan, new Hedging(settings, health, affinity, NullLogger<Hedging>.Instance).Delay(request, endpoint));
    }

    private Hedging Start() => new(Settings, health, affinity, NullLogger<Hedging>.Instance);

    private void Answered(int count, double firstTokenSeconds)
    {
        for (var i = 0; i < count; i++)
        {
            var ticket = health.Of(endpoint).AttemptStarted();
            health.Of(endpoint).FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(firstTokenSeconds));
            health.Of(endpoint).AttemptEnded(ref ticket, new AttemptReport(AttemptResult.Answered));
        }
        time.Advance(TimeSpan.FromSeconds(1));
    }

    private static RequestFacts Request(bool stream) => new() { Stream = stream, MessageCount = 1, TextBytes = 20 };
}
