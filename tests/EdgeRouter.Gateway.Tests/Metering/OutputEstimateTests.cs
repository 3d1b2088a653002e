using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Metering;

/// <summary>Where nothing was learned of an endpoint, a provider is taken to make 50 tokens a second.</summary>
public sealed class OutputEstimateTests
{
    private static readonly RequestFacts Facts = new() { TextBytes = 400, MessageCount = 1 };
    private readonly VirtualTimeProvider time = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 4)]
    [InlineData(2000, 100)]
    [InlineData(60_000, 3000)]
    public void Cut_off_attempt_made_what_its_time_allows(int milliseconds, long tokens) =>
        Assert.Equal(tokens, Unseen(milliseconds, FailureCharge.PromptAndAnswer));

    [Fact]
    public void Cut_off_attempt_made_no_more_than_the_model_can() => Assert.InRange(Unseen(3_600_000, FailureCharge.PromptAndAnswer), 3000, 8000);

    [Theory]
    [InlineData(FailureCharge.None)]
    [InlineData(FailureCharge.Prompt)]
    public void Attempt_that_its_provider_ended_made_nothing_unseen(FailureCharge charge) => Assert.Equal(0, Unseen(2000, charge));

    [Fact]
    public void Attempt_that_was_not_sent_made_nothing() => Assert.Equal(0, Unseen(2000, FailureCharge.PromptAndAnswer, sent: false));

    [Fact]
    public void Of_output_that_was_seen_nothing_is_estimated() => Assert.Equal(0, Unseen(2000, FailureCharge.PromptAndAnswer, wasSeen: true));

    private long Unseen(int milliseconds, FailureCharge charge, bool sent = true, bool wasSeen = false)
    {
        var attempt = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], time.GetTimestamp());
        if (sent) attempt.Sent = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var estimate = new OutputEstimate(new HealthRegistry(time, new Random(1)), new RoutingPolicy(), time, NullLogger<OutputEstimate>.Instance);
        return estimate.Unseen(Facts, attempt, charge, wasSeen);
    }
}
