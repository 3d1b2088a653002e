using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Metering;

/// <summary>Where nothing was learned of an endpoint, a provider is taken to make 50 tokens a second.</summary>
public sealed class OutputEstimateTests
{
    private static readonly RequestFacts Facts = new() { TextBytes = 400, MessageCount = 1 };
    private static readonly RequestFacts Reasoning = new() { TextBytes = 400, MessageCount = 1, Parameters = RequestParameters.Reasoning };
    private readonly VirtualTimeProvider time = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 4)]
    [InlineData(2000, 100)]
    [InlineData(60_000, 3000)]
    public void Cut_off_attempt_made_what_its_time_allows(int milliseconds, long tokens) =>
        Assert.Equal(tokens, EstimateTotal(milliseconds, FailureClass.IdleTimeout));

    [Fact]
    public void Cut_off_attempt_made_no_more_than_the_model_can() => Assert.InRange(EstimateTotal(3_600_000, FailureClass.IdleTimeout), 3000, 8000);

    [Theory]
    [InlineData(FailureClass.ServerError)]
    [InlineData(FailureClass.ConnectionReset)]
    public void Attempt_that_its_provider_ended_made_nothing_unseen(FailureClass failure) => Assert.Equal(0, EstimateTotal(2000, failure));

    [Fact]
    public void Attempt_that_was_not_sent_made_nothing() => Assert.Equal(0, EstimateTotal(2000, FailureClass.IdleTimeout, sent: false));

    [Fact]
    public void Of_output_that_was_seen_nothing_is_estimated() => Assert.Equal(0, EstimateTotal(2000, FailureClass.IdleTimeout, seen: 10));

    [Theory]
    [InlineData(FailureClass.CallerGone)]
    [InlineData(FailureClass.IdleTimeout)]
    [InlineData(FailureClass.TotalTimeout)]
    [InlineData(FailureClass.ConnectionReset)]
    [InlineData(FailureClass.TruncatedAnswer)]
    public void Reasoning_before_the_first_token_counts_with_what_was_seen(FailureClass failure) =>
        Assert.Equal(110, EstimateTotal(2000, failure, seen: 10, facts: Reasoning));

    [Fact]
    public void Reasoning_is_no_more_than_the_model_can_make() =>
        Assert.InRange(EstimateTotal(3_600_000, FailureClass.CallerGone, seen: 10, facts: Reasoning), 3000, 8000);

    [Fact]
    public void Reasoning_that_the_provider_reported_is_not_estimated() =>
        Assert.Equal(0, EstimateTotal(2000, FailureClass.CallerGone, seen: 10, facts: Reasoning, isReported: true));

    [Fact]
    public void Provider_that_says_it_failed_is_not_believed_to_charge_for_reasoning() =>
        Assert.Equal(0, EstimateTotal(2000, FailureClass.ServerError, seen: 10, facts: Reasoning));

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public void Operation_says_whether_output_may_be_hidden(bool hidesOutput, long output)
    {
        // Even tokens, of a model that may reason.
        var operation = new CountedOperation("count", "text", OutputUnit.Tokens) { HidesOutput = hidesOutput };

        Assert.Equal(output, EstimateTotal(20_000, FailureClass.IdleTimeout, seen: 1,
            facts: new RequestFacts { Operation = operation, ChoiceCount = 5, Parameters = RequestParameters.Reasoning }));
    }

    private long EstimateTotal(int milliseconds, FailureClass failure, bool sent = true, long seen = 0, RequestFacts? facts = null,
        bool isReported = false)
    {
        var attempt = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], time.GetTimestamp());
        attempt.Sent = time.GetTimestamp();
        if (sent) attempt.Sending();
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var estimate = new OutputEstimate(new HealthRegistry(time, new Random(1)), new RoutingPolicy(), time, NullLogger<OutputEstimate>.Instance);
        attempt.Ended = time.GetTimestamp();
        return estimate.EstimateTotal(facts ?? Facts, attempt, failure, seen, isReported);
    }
}
