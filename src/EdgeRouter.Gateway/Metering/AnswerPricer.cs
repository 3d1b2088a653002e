using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Determines the usage and cost of an answer: the provider's own numbers if it reported them, otherwise the router's count. Stateless.</summary>
internal sealed class AnswerPricer(RoutingPolicy policy, IUsageQueue queue, RouterMetadata metadata)
{
    /// <summary>
    /// Prices the delivered answer with the parts of earlier attempts, publishes the price and announces the record. Called once per answer, before
    /// its last byte is sent.
    /// </summary>
    public PricedAnswer PriceDelivery(GatewayRequest request)
    {
        queue.Announce(request.GenerationId, request.Caller.Id);
        var delivery = request.Delivery;
        var served = delivery.Served;
        var failure = request.CallerGone ? FailureClass.CallerGone : served.Failure?.Class;
        var whole = Price(request.Facts, served.Endpoint, served.Answer.Progress, failure);
        if (request.Attempts.Count > 1)
            foreach (var attempt in request.Attempts.Snapshot())
                if (attempt.Priced is { } part) whole = Add(whole, part);
        if (metadata.Of(request) is { } explanation) whole = whole with { Report = whole.Report with { RouterMetadata = explanation } };
        return delivery.Priced = whole;
    }

    /// <summary>Prices the part of an answer that arrived before the attempt failed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="broken">The attempt.</param>
    /// <param name="failure">How it failed.</param>
    public void PricePart(GatewayRequest request, Attempt broken, FailureClass failure) =>
        broken.Priced = Price(request.Facts, broken.Endpoint, broken.Answer.Progress, failure);

    /// <summary>Usage and cost of an endpoint's answer, or of the part before <paramref name="failure"/>.</summary>
    private PricedAnswer Price(RequestFacts facts, Endpoint endpoint, StreamProgress progress, FailureClass? failure)
    {
        var (usage, source) = Usage(facts, progress);
        if (failure is { } broken && !progress.Completed
            && AttemptCharges.UnseenOutput(facts, endpoint, FailureTraits.Of(broken).Charge) is var unseen && unseen > usage.CompletionTotal)
        {
            // Reasoning that the provider sent is inside the estimate of the whole.
            usage = usage with { Output = unseen - (usage.CompletionTotal - (usage.Output ?? 0)) };
            source = UsageSource.Estimated;
        }
        var pricing = endpoint.Pricing ?? policy.CeilingPrice;
        var cost = pricing is null ? default : CostCalculator.Price(usage, pricing, facts.ImageCount);
        return new PricedAnswer(new UsageReport(usage, pricing is null ? null : cost.Total, cost.Prompt, cost.Completion), source, cost.CacheDiscount);
    }

    private static PricedAnswer Add(PricedAnswer left, PricedAnswer right)
    {
        var (one, other) = (left.Report, right.Report);
        var cost = one.Cost is null && other.Cost is null ? (NanoDollars?)null : (one.Cost ?? NanoDollars.Zero) + (other.Cost ?? NanoDollars.Zero);
        var report = new UsageReport(one.Usage + other.Usage, cost, one.PromptCost + other.PromptCost, one.CompletionCost + other.CompletionCost);
        return new PricedAnswer(report, left.Source == right.Source ? left.Source : UsageSource.Counted, left.CacheDiscount + right.CacheDiscount);
    }

    /// <summary>Whether the provider reported only a part, or zeros although text arrived: the rest then counts as not reported.</summary>
    private static bool IsPartial(TokenUsage told, StreamProgress progress) =>
        told.PromptTotal == 0 || told.Output is null && progress.OutputBytes > 0 || told.CompletionTotal == 0 && progress.OutputBytes > 0;

    private static TokenUsage Completed(TokenUsage told, TokenUsage counted, StreamProgress progress)
    {
        if (told.PromptTotal == 0) told = told with { Input = counted.Input };
        return progress.OutputBytes > 0 && (told.Output is null || told.CompletionTotal == 0) ? told with { Output = counted.Output } : told;
    }

    /// <summary>The provider's numbers; the router's count when it failed before it reported its output, or reported nothing.</summary>
    private static (TokenUsage Usage, UsageSource Source) Usage(RequestFacts facts, StreamProgress progress) => progress.Usage switch
    {
        { IsUnknown: false } told when IsPartial(told, progress) => (Completed(told, facts.Operation.CountUsage(facts, progress.OutputBytes), progress),
            UsageSource.Counted),
        { IsUnknown: false } whole => (whole, UsageSource.Measured),
        _ => (facts.Operation.CountUsage(facts, progress.OutputBytes), UsageSource.Counted),
    };
}
