using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.Upstreams.Failures;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Metering;

public sealed class UsageSettlerTests
{
    private static readonly RoutingPolicy Ceiling = new() { CeilingPrice = new Pricing { Prompt = 0.000_002m, Completion = 0.000_010m } };

    [Fact]
    public void Providers_numbers_are_taken_as_they_are()
    {
        var settled = Settle(Ceiling, new StreamProgress { Usage = new TokenUsage { Input = 100, Output = 10 }, OutputBytes = 4000 });

        Assert.Equal(UsageSource.Measured, settled.Source);
        // 100 x $0.000002 + 10 x $0.000010 = $0.0003
        Assert.Equal(300_000, settled.Report.Cost!.Value.Value);
    }

    [Fact]
    public void Without_numbers_what_was_seen_is_counted()
    {
        var settled = Settle(Ceiling, new StreamProgress { OutputBytes = 401 });

        Assert.Equal(UsageSource.Counted, settled.Source);
        // 400 bytes of prompt and one message: 100 + 4 tokens; 401 bytes of answer: 101 tokens.
        Assert.Equal((104L, 101L), (settled.Report.Usage.Input, settled.Report.Usage.Output));
    }

    [Fact]
    public void Without_any_price_the_cost_is_unknown_not_zero() =>
        Assert.Null(Settle(new RoutingPolicy(), new StreamProgress { Usage = new TokenUsage { Input = 1, Output = 1 } }).Report.Cost);

    private static SettledUsage Settle(RoutingPolicy policy, StreamProgress progress)
    {
        var request = new GatewayRequest(new OpenAIChatDialect(), "gen-1", default, 0) { Routing = new RequestFacts { TextBytes = 400, MessageCount = 1 } };
        var endpoint = Candidates.Model("acme/one", ("a", 8000)).Endpoints[0];
        request.Served = AttemptOutcome.Failed(new AttemptEntry(endpoint, 0),
            UpstreamFailure.Observed(FailureClass.ServerError, "only its endpoint matters here"));
        return new UsageSettler(() => policy, new SilentQueue(),
            new RouterMetadata(RouterSettings.Read(new ConfigurationBuilder().Build()), TimeProvider.System)).Settle(request, progress);
    }

    private sealed class SilentQueue : IUsageQueue
    {
        public ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Settling enqueues nothing.");
    }
}
