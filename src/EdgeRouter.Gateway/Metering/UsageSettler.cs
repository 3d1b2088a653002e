using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects;
using EdgeRouter.Gateway.Explanation;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Decides what an answer used and cost: the provider's own numbers where it gave them, else what the router counted. Stateless.</summary>
internal sealed class UsageSettler(Func<RoutingPolicy> policy, IUsageQueue queue, RouterMetadata metadata)
{
    /// <summary>
    /// Settles the served answer and the parts that others began, notes it on the request and announces its record. Called once per answer, before
    /// its last byte is sent.
    /// </summary>
    public SettledUsage Settle(GatewayRequest request, StreamProgress progress)
    {
        queue.Announce(request.GenerationId);
        var served = request.Served!;
        var failure = request.CallerGone ? FailureClass.CallerGone : served.Entry.Failure?.Class;
        var settled = Price(request, served.Endpoint, progress, failure);
        foreach (var part in request.Interrupted ?? []) settled = Add(settled, part.Settled);
        return request.Settled = settled with { Report = settled.Report with { RouterMetadata = metadata.Of(request) } };
    }

    /// <summary>What an endpoint's answer used and cost, or as much of it as came before <paramref name="failure"/>.</summary>
    public SettledUsage Price(GatewayRequest request, Endpoint endpoint, StreamProgress progress, FailureClass? failure)
    {
        var (usage, source) = Usage(request.Routing!, progress);
        if (failure is { } broken && !progress.Completed
            && UnseenOutput(request.Routing!, endpoint, FailureTraits.Of(broken).Charge) is var unseen && unseen > usage.CompletionTotal)
        {
            // Reasoning that was told is inside the estimate of the whole.
            usage = usage with { Output = unseen - (usage.CompletionTotal - (usage.Output ?? 0)) };
            source = UsageSource.Estimated;
        }
        var pricing = endpoint.Pricing ?? policy().CeilingPrice;
        var cost = pricing is null ? default : CostCalculator.Price(usage, pricing, request.Routing!.ImageCount);
        return new SettledUsage(new UsageReport(usage, pricing is null ? null : cost.Total, cost.Prompt, cost.Completion), source, cost.CacheDiscount);
    }

    /// <summary>
    /// Output tokens that a provider is assumed to make, and charge, for an answer that the router does not read to its end. 0: none, because closing the
    /// connection stops it, or nobody knows that it does not. Elsewhere the length of a typical answer, within the caller's and the endpoint's limits.
    /// </summary>
    public static long UnseenOutput(RequestFacts request, Endpoint endpoint, FailureCharge charge)
    {
        if (charge != FailureCharge.PromptAndAnswer || endpoint.Provider.AbortStopsBilling is not false) return 0;
        return (long)Math.Min(ExpectedCost.OutputTokens(request), endpoint.MaxCompletionTokens ?? int.MaxValue) * request.ChoiceCount;
    }

    private static SettledUsage Add(SettledUsage left, SettledUsage right)
    {
        var (one, other) = (left.Report, right.Report);
        var cost = one.Cost is null && other.Cost is null ? (NanoDollars?)null : (one.Cost ?? NanoDollars.Zero) + (other.Cost ?? NanoDollars.Zero);
        var report = new UsageReport(one.Usage + other.Usage, cost, one.PromptCost + other.PromptCost, one.CompletionCost + other.CompletionCost);
        return new SettledUsage(report, left.Source == right.Source ? left.Source : UsageSource.Counted, left.CacheDiscount + right.CacheDiscount);
    }

    /// <summary>The provider's numbers; where it died before it told its output, or told nothing, what the router saw pass.</summary>
    private static (TokenUsage Usage, UsageSource Source) Usage(RequestFacts request, StreamProgress progress) => progress.Usage switch
    {
        { IsUnknown: false, Output: null } half when progress.OutputBytes > 0 => (half with { Output = Count(request, progress).Output }, UsageSource.Counted),
        { IsUnknown: false } whole => (whole, UsageSource.Measured),
        _ => (Count(request, progress), UsageSource.Counted),
    };

    /// <summary>What the router saw pass, at 4 bytes a token.</summary>
    private static TokenUsage Count(RequestFacts request, StreamProgress progress) => new()
    {
        Input = request.EstimatedPromptTokens,
        Output = (progress.OutputBytes + 3) / 4,
    };
}
