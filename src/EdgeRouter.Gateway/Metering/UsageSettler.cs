using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Storage;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Explanation;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Decides what an answer used and cost: the vendor's own numbers where it gave them, else what the router counted. Stateless.</summary>
internal sealed class UsageSettler(Func<RoutingPolicy> policy, IUsageQueue queue, RouterMetadata metadata)
{
    /// <summary>Settles the served answer, notes it on the request and announces its record. Called once per answer, before its last byte is sent.</summary>
    public SettledUsage Settle(GatewayRequest request, StreamProgress progress)
    {
        queue.Announce(request.GenerationId);
        var (usage, source) = progress.Usage is { IsUnknown: false } reported ? (reported, UsageSource.Measured) : (Count(request.Routing!, progress), UsageSource.Counted);
        var pricing = request.Served!.Endpoint.Pricing ?? policy().CeilingPrice;
        var cost = pricing is null ? default : CostCalculator.Price(usage, pricing);
        var report = new UsageReport(usage, pricing is null ? null : cost.Total, cost.Prompt, cost.Completion) { RouterMetadata = metadata.Of(request) };
        return request.Settled = new SettledUsage(report, source, cost.CacheDiscount);
    }

    /// <summary>What the router saw pass, at 4 bytes a token.</summary>
    private static TokenUsage Count(RoutingRequest request, StreamProgress progress) => new()
    {
        Input = request.EstimatedPromptTokens,
        Output = (progress.OutputBytes + 3) / 4,
    };
}
