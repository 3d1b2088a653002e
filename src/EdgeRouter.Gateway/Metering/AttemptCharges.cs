using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Cost of attempts that did not produce the answer: they failed, lost the race or were aborted. Stateless.</summary>
internal sealed class AttemptCharges(RoutingPolicy policy)
{
    /// <summary>
    /// Output tokens that a provider is assumed to generate and charge for an answer that the router does not read to its end. 0 when closing the
    /// connection stops it, or when it is not known. Otherwise the length of a typical answer, within the caller's and the endpoint's limits.
    /// </summary>
    public static long UnseenOutput(RequestFacts facts, Endpoint endpoint, FailureCharge charge)
    {
        if (charge != FailureCharge.PromptAndAnswer || endpoint.Provider.AbortStopsBilling is not false) return 0;
        return facts.Operation.TypicalOutputTokens(endpoint, facts);
    }

    /// <summary>Cost of all attempts of a request whose answers are not in the price of the delivered one.</summary>
    public NanoDollars SumOfLost(GatewayRequest request, Attempt[] attempts)
    {
        var sum = NanoDollars.Zero;
        foreach (var attempt in attempts) sum += OfLost(request, attempt);
        return sum;
    }

    /// <summary>
    /// Cost of an attempt for its record. Zero for the attempt that serves, whose cost is the request's cost; the price of its part for one that
    /// another attempt continued.
    /// </summary>
    public NanoDollars Of(GatewayRequest request, Attempt attempt)
    {
        if (IsServed(request, attempt)) return NanoDollars.Zero;
        return attempt.Priced is { } part ? part.Report.Cost ?? NanoDollars.Zero : OfLost(request, attempt);
    }

    /// <summary>
    /// An attempt that did not serve and that the provider may still charge. The provider does not report how much, so the cost is an estimate.
    /// </summary>
    private NanoDollars OfLost(GatewayRequest request, Attempt attempt)
    {
        if (IsServed(request, attempt) || attempt.Priced is not null || attempt.Charge == FailureCharge.None) return NanoDollars.Zero;
        var pricing = attempt.Endpoint.Pricing ?? policy.CeilingPrice;
        if (pricing is null) return NanoDollars.Zero;
        var usage = request.Facts.Operation.EstimateSent(request.Facts) with { Output = UnseenOutput(request.Facts, attempt.Endpoint, attempt.Charge) };
        return CostCalculator.Price(usage, pricing).Total;
    }

    private static bool IsServed(GatewayRequest request, Attempt attempt) => request.IsAnswered && request.Delivery.Served == attempt;
}
