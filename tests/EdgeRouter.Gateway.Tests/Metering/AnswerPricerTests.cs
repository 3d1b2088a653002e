using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Tests.Forwarding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Metering;

public sealed class AnswerPricerTests
{
    private static readonly RoutingPolicy Ceiling = new() { CeilingPrice = new Pricing { Prompt = 0.000_002m, Completion = 0.000_010m } };

    [Fact]
    public void Providers_numbers_are_taken_as_they_are()
    {
        var priced = Price(Ceiling, new StreamProgress { Usage = new TokenUsage { Input = 100, Output = 10 }, OutputBytes = 4000 });

        Assert.Equal(UsageSource.Measured, priced.Source);
        // 100 x $0.000002 + 10 x $0.000010 = $0.0003
        Assert.Equal(300_000, priced.Report.Cost!.Value.Value);
    }

    [Fact]
    public void Without_numbers_what_was_seen_is_counted()
    {
        var priced = Price(Ceiling, new StreamProgress { OutputBytes = 401 });

        Assert.Equal(UsageSource.Counted, priced.Source);
        // 400 bytes of prompt and one message: 100 + 4 tokens; 401 bytes of answer: 101 tokens.
        Assert.Equal((104L, 101L), (priced.Report.Usage.Input, priced.Report.Usage.Output));
    }

    [Theory]
    [InlineData(0L, 10L, 0, 104L, 10L)]
    [InlineData(0L, 0L, 401, 104L, 101L)]
    [InlineData(100L, 0L, 401, 100L, 101L)]
    [InlineData(100L, null, 401, 100L, 101L)]
    public void Part_that_the_provider_does_not_tell_or_tells_as_nothing_is_counted(long input, long? output, int seen, long expectedInput, long expectedOutput)
    {
        var priced = Price(Ceiling, new StreamProgress { Usage = new TokenUsage { Input = input, Output = output }, OutputBytes = seen });

        Assert.Equal(UsageSource.Counted, priced.Source);
        Assert.Equal((expectedInput, expectedOutput), (priced.Report.Usage.Input, priced.Report.Usage.Output));
    }

    [Fact]
    public void Without_any_price_the_cost_is_unknown_not_zero() =>
        Assert.Null(Price(new RoutingPolicy(), new StreamProgress { Usage = new TokenUsage { Input = 1, Output = 1 } }).Report.Cost);

    [Fact]
    public void What_an_attempt_that_still_runs_sees_is_neither_read_nor_changed()
    {
        var request = Asked.For(new RequestFacts { TextBytes = 400, MessageCount = 1 });
        var attempt = request.Attempts.Start(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], 0, sentBytes: 500);
        var impossible = new TokenUsage { Input = 1_000_000, Output = 10 };
        attempt.Sent = 0;
        attempt.Sending();
        attempt.Seen = new StreamProgress { Usage = impossible, OutputBytes = 400 };

        var running = Pricer(Ceiling).PriceLost(request, attempt)!;

        Assert.Equal((UsageSource.Estimated, (TokenUsage?)null), (running.Source, running.Reported));
        Assert.Equal(impossible, attempt.Seen.Usage);
        attempt.Ended = 0;
        Assert.Equal(impossible, Pricer(Ceiling).PriceLost(request, attempt)!.Reported);
    }

    private static PricedAnswer Price(RoutingPolicy policy, StreamProgress progress)
    {
        var request = Asked.For(new RequestFacts { TextBytes = 400, MessageCount = 1 });
        request.Caller = new Caller("hash", "label", KeyKind.Inference);
        var attempt = request.Attempts.Start(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], 0, sentBytes: 500);
        attempt.Answered(new Seen(progress), []);
        request.Delivery = new Delivery(attempt, 0, TimeSpan.Zero);
        return Pricer(policy).PriceDelivery(request);
    }

    private static AnswerPricer Pricer(RoutingPolicy policy)
    {
        var health = new HealthRegistry(TimeProvider.System, new Random(1));
        var estimate = new OutputEstimate(health, policy, TimeProvider.System, NullLogger<OutputEstimate>.Instance);
        return new AnswerPricer(policy, estimate, new SilentQueue(),
            new RouterMetadata(RouterSettings.Read(new ConfigurationBuilder().Build()), TimeProvider.System), TimeProvider.System);
    }

    /// <summary>An answer of which this was seen.</summary>
    private sealed class Seen : Answer
    {
        public Seen(StreamProgress progress)
        {
            Progress.Usage = progress.Usage;
            Progress.OutputBytes = progress.OutputBytes;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class SilentQueue : IUsageQueue
    {
        public ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Pricing enqueues nothing.");
    }
}
