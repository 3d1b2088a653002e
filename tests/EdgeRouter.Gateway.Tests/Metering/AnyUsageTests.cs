using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Metering;

/// <summary>
/// Whatever numbers a provider reports, nothing between the answer and its record throws, and all that counts the record counts the same: random usage of
/// every size and sign, random prices, every way to fail. Fixed seeds.
/// </summary>
public sealed class AnyUsageTests
{
    private static readonly long?[] Odd =
        [null, null, 0, 1, -1, 19, 8000, 8001, int.MaxValue, TokenUsage.MaxTokens, TokenUsage.MaxReported, -TokenUsage.MaxReported, long.MaxValue,
            long.MinValue + 1];

    private static readonly decimal[] Prices = [0m, 0.000_000_001m, 0.000_002m, 0.01m, 1_000m, 1_000_000m];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_usage_is_priced_recorded_and_counted_within_what_the_attempt_may_cost(int seed)
    {
        var random = new Random(seed);
        var total = default(UsageSum);
        for (var round = 0; round < 5000; round++)
        {
            var policy = new RoutingPolicy
            {
                CeilingPrice = new Pricing
                {
                    Prompt = Pick(random, Prices),
                    Completion = Pick(random, Prices),
                    InputCacheRead = Pick(random, Prices),
                    InternalReasoning = Pick(random, Prices),
                },
            };
            var reported = AnyUsage(random);
            var record = Record(policy, random, reported, isServed: random.Next(2) == 0, out var worst);

            Assert.InRange(record.Cost.Value, 0, Math.Min(worst.Value, GenerationRecord.MaxCost.Value));
            Assert.Equal(record.ReportedUsage ?? reported, reported);
            AssertKept(record);
            total += UsageSum.Of(record);
        }
        Assert.Equal(5000, total.Requests);
    }

    [Fact]
    public void What_can_be_true_is_not_disputed()
    {
        var random = new Random(4);
        for (var round = 0; round < 5000; round++)
        {
            // 8000 is the endpoint's limit on either side.
            var possible = new TokenUsage
            {
                Input = random.Next(1000),
                CacheRead = random.Next(1000),
                Output = 1 + random.Next(4000),
                Reasoning = random.Next(4000),
            };
            Assert.Null(Record(new RoutingPolicy { CeilingPrice = new Pricing { Prompt = 0.01m, Completion = 0.01m } }, random, possible, isServed: true, out _)
                .ReportedUsage);
        }
    }

    private static GenerationRecord Record(RoutingPolicy policy, Random random, TokenUsage reported, bool isServed, out NanoDollars worst)
    {
        var facts = new RequestFacts { TextBytes = 400, MessageCount = 1, MaxOutputTokens = random.Next(2) == 0 ? null : 8000 };
        var request = Asked.For(facts);
        request.Caller = new Caller("hash", "label", KeyKind.Inference);
        var endpoint = Candidates.Model("acme/one", ("a", 8000)).Endpoints[0];
        var attempt = request.Attempts.Start(endpoint, 0, sentBytes: 500);
        worst = facts.Operation.WorstCase(facts, 500, endpoint, policy);
        var answer = new Seen { Progress = { Usage = reported, OutputBytes = random.Next(3) * 1000, Completed = random.Next(2) == 0 } };
        attempt.Sent = 0;
        attempt.Sending();
        attempt.Seen = answer.Progress;
        var failures = Enum.GetValues<FailureClass>();
        var pricer = Pricer(policy);
        if (isServed)
        {
            attempt.Answered(answer, []);
            request.Delivery = new Delivery(attempt, 0, TimeSpan.Zero);
            if (random.Next(2) == 0) attempt.Failure = UpstreamFailure.Observed(failures[random.Next(failures.Length)], "x");
            pricer.PriceDelivery(request);
        }
        else
        {
            attempt.Ended = TimeProvider.System.GetTimestamp();
            attempt.Failed(UpstreamFailure.Observed(failures[random.Next(failures.Length)], "x"));
        }
        var lost = new AttemptCharges(pricer).OfLost(request, request.Attempts.Snapshot());
        var told = isServed ? request.Delivery.Priced : lost?[0];
        return new GenerationRecord
        {
            Id = GenerationId.Create(DateTimeOffset.UnixEpoch, random),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Region = "local",
            KeyHash = "hash",
            ApiType = "chat",
            RequestedModel = "acme/one",
            Usage = told?.Report.Usage ?? default,
            UsageSource = told?.Source ?? UsageSource.Counted,
            ReportedUsage = told?.Reported,
            Cost = AttemptCharges.Total(isServed ? told : null, lost),
            PromptCost = told?.Report.PromptCost ?? NanoDollars.Zero,
            CompletionCost = told?.Report.CompletionCost ?? NanoDollars.Zero,
            CacheDiscount = told?.CacheDiscount ?? NanoDollars.Zero,
        };
    }

    /// <summary>Each form of the record has what it has.</summary>
    private static void AssertKept(GenerationRecord record)
    {
        var row = GenerationRecordTable.Decode(new TableRow("00", record.Id, "1", GenerationRecordTable.Encode(record)));
        Assert.True(UsageMessage.TryDecode(UsageMessage.Pack([UsageMessage.EncodeRecord(record)]), out var records, out var reason), reason);
        foreach (var kept in (GenerationRecord[])[row, records[0]])
        {
            Assert.Equal((record.Usage, record.ReportedUsage, record.Disputed), (kept.Usage, kept.ReportedUsage, kept.Disputed));
            Assert.Equal((record.Cost, record.PromptCost, record.CompletionCost), (kept.Cost, kept.PromptCost, kept.CompletionCost));
        }
    }

    private static TokenUsage AnyUsage(Random random) => new()
    {
        Input = Pick(random, Odd),
        CacheRead = Pick(random, Odd),
        CacheWrite5m = Pick(random, Odd),
        CacheWrite1h = Pick(random, Odd),
        InputAudio = Pick(random, Odd),
        InputImage = Pick(random, Odd),
        InputVideo = Pick(random, Odd),
        Output = Pick(random, Odd),
        Reasoning = Pick(random, Odd),
        OutputAudio = Pick(random, Odd),
        OutputImage = Pick(random, Odd),
        AcceptedPrediction = Pick(random, Odd),
        RejectedPrediction = Pick(random, Odd),
        // Free of charge here: searches that nobody asked for are believed, and no hold covers them.
        WebSearches = random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : null,
    };

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    private static AnswerPricer Pricer(RoutingPolicy policy) => new(policy,
        new OutputEstimate(new HealthRegistry(TimeProvider.System, new Random(1)), policy, TimeProvider.System, NullLogger<OutputEstimate>.Instance),
        new NoQueue(), new RouterMetadata(RouterSettings.Read(new ConfigurationBuilder().Build()), TimeProvider.System), TimeProvider.System);

    private sealed class Seen : Answer
    {
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoQueue : IUsageQueue
    {
        public ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Pricing enqueues nothing.");
    }
}
