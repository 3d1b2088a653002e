using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Core.Usage;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Explanation;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// Determines the usage and cost of an answer: the provider's own numbers if it reported them, cut to what can be true, otherwise the router's count or
/// estimate. Nothing that a provider reports makes it throw. Stateless.
/// </summary>
internal sealed class AnswerPricer(RoutingPolicy policy, OutputEstimate estimate, IUsageQueue queue, RouterMetadata metadata,
    TimeProvider time)
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
        var failure = !request.CallerGone ? served.Failure?.Class
            : served.Answer is StreamAnswer { Broken: { } broken } ? broken.Class : FailureClass.CallerGone;
        var whole = Price(request, served, served.Answer.Progress, failure, isWhole: served.Answer is WholeAnswer);
        if (request.Attempts.Count > 1)
            foreach (var attempt in request.Attempts.Snapshot())
                if (attempt.Priced is { } part) whole = Add(whole, part);
        whole = whole with { Report = whole.Report with { RouterMetadata = metadata.Of(request), At = time.GetUtcNow().ToUnixTimeSeconds() } };
        return delivery.Priced = whole;
    }

    /// <summary>Prices the part of an answer that arrived before the attempt failed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="broken">The attempt.</param>
    /// <param name="failure">How it failed.</param>
    public void PricePart(GatewayRequest request, Attempt broken, FailureClass failure) =>
        broken.Priced = Price(request, broken, broken.Answer.Progress, failure);

    /// <summary>
    /// Prices an attempt that did not serve and that its provider may charge all the same: the provider's own numbers where it gave them, else an
    /// estimate. Null: it is not charged.
    /// </summary>
    public PricedAnswer? PriceLost(GatewayRequest request, Attempt attempt)
    {
        if (attempt.Charge == FailureCharge.None) return null;
        // A race that was just lost may still be writing what it sees.
        var seen = attempt.Ended is null ? null : attempt.Seen;
        var priced = Price(request, attempt, seen ?? new StreamProgress(), attempt.Failure?.Class ?? FailureClass.Cancelled);
        return priced.Source == UsageSource.Counted && seen is not { OutputBytes: > 0 } ? priced with { Source = UsageSource.Estimated } : priced;
    }

    /// <summary>Usage and cost of an attempt's answer, or of the part before <paramref name="failure"/>.</summary>
    private PricedAnswer Price(GatewayRequest request, Attempt attempt, StreamProgress progress, FailureClass? failure, bool isWhole = false)
    {
        var facts = request.Facts;
        var endpoint = attempt.Endpoint;
        var seen = new BytesSeen(attempt.SentBytes, progress.OutputBytes);
        var reported = Cut(facts, endpoint, seen, progress);
        var (usage, source) = Usage(facts, progress);
        // What is counted beside what was reported may be too much together.
        usage = facts.Operation.PossibleUsage(usage, facts, seen, endpoint, policy);
        isWhole |= progress.Completed || progress is { FinishReason: not null, Usage: not null };
        if (failure is { } broken && !isWhole
            && estimate.EstimateTotal(facts, attempt, broken, progress.OutputBytes > 0 ? Math.Max(1, usage.CompletionTotal) : 0, source == UsageSource.Measured)
                is > 0 and var unseen
            && facts.Operation.WithOutput(usage, unseen) is var larger && larger != usage)
        {
            (usage, source) = (larger, UsageSource.Estimated);
        }
        var pricing = endpoint.Pricing ?? policy.CeilingPrice;
        var cost = pricing is null ? default : CostCalculator.Price(usage, pricing, facts.ImageCount);
        return new PricedAnswer(new UsageReport(usage, pricing is null ? null : Bounded(cost.Total), Bounded(cost.Prompt), Bounded(cost.Completion)), source,
            Bounded(cost.CacheDiscount))
        { Reported = reported };
    }

    /// <summary>Cuts reported usage to what can be true, for everyone who reads it afterwards. Returns what was reported; null: it can be true.</summary>
    private TokenUsage? Cut(RequestFacts facts, Endpoint endpoint, BytesSeen seen, StreamProgress progress)
    {
        if (progress.Usage is not { } reported) return null;
        var possible = facts.Operation.PossibleUsage(reported, facts, seen, endpoint, policy);
        if (possible == reported) return null;
        progress.Usage = possible;
        return reported;
    }

    private static NanoDollars Bounded(NanoDollars cost) => new(Math.Clamp(cost.Value, -GenerationRecord.MaxCost.Value, GenerationRecord.MaxCost.Value));

    /// <summary>Both together; each amount is far below what overflows.</summary>
    public static PricedAnswer Add(PricedAnswer left, PricedAnswer right)
    {
        var (one, other) = (left.Report, right.Report);
        var cost = one.Cost is null && other.Cost is null ? (NanoDollars?)null : Bounded((one.Cost ?? NanoDollars.Zero) + (other.Cost ?? NanoDollars.Zero));
        var report = new UsageReport(one.Usage + other.Usage, cost, Bounded(one.PromptCost + other.PromptCost),
            Bounded(one.CompletionCost + other.CompletionCost));
        // The weaker of the two is true of both.
        var source = left.Source > right.Source ? left.Source : right.Source;
        return new PricedAnswer(report, source, Bounded(left.CacheDiscount + right.CacheDiscount)) { Reported = left.Reported ?? right.Reported };
    }

    /// <summary>Whether the provider reported only a part, or zeros although text arrived: the rest then counts as not reported.</summary>
    private static bool IsPartial(TokenUsage reported, StreamProgress progress) =>
        reported.PromptTotal == 0 || reported.Output is null && progress.OutputBytes > 0 || reported.CompletionTotal == 0 && progress.OutputBytes > 0;

    private static TokenUsage Completed(TokenUsage reported, TokenUsage counted, StreamProgress progress)
    {
        if (reported.PromptTotal == 0) reported = reported with { Input = counted.Input };
        return progress.OutputBytes > 0 && (reported.Output is null || reported.CompletionTotal == 0) ? reported with { Output = counted.Output } : reported;
    }

    /// <summary>The provider's numbers; the router's count when it failed before it reported its output, or reported nothing.</summary>
    private static (TokenUsage Usage, UsageSource Source) Usage(RequestFacts facts, StreamProgress progress) => progress.Usage switch
    {
        { IsUnknown: false } reported when IsPartial(reported, progress) => (
            Completed(reported, facts.Operation.CountUsage(facts, progress.OutputBytes), progress),
            UsageSource.Counted),
        { IsUnknown: false } whole => (whole, UsageSource.Measured),
        _ => (facts.Operation.CountUsage(facts, progress.OutputBytes), UsageSource.Counted),
    };
}
