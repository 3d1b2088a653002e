using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Metering;

/// <summary>What attempts cost that did not serve: those that failed, lost a race or broke off. Stateless.</summary>
internal sealed class AttemptCharges(RoutingPolicy policy)
{
    /// <summary>
    /// Output tokens that a provider is assumed to make, and charge, for an answer that the router does not read to its end. 0: none, because closing
    /// the connection stops it, or nobody knows that it does not. Elsewhere the length of a typical answer, within the caller's and the endpoint's limits.
    /// </summary>
    public static long UnseenOutput(RequestFacts facts, Endpoint endpoint, FailureCharge charge)
    {
        if (charge != FailureCharge.PromptAndAnswer || endpoint.Provider.AbortStopsBilling is not false) return 0;
        return facts.Operation.TypicalOutputTokens(endpoint, facts);
    }

    /// <summary>Cost of those among all attempts of a request whose answers are not in the price of the delivered one.</summary>
    public NanoDollars SumOfLost(GatewayRequest request, Attempt[] attempts)
    {
        var sum = NanoDollars.Zero;
        foreach (var attempt in attempts) sum += OfLost(request, attempt);
        return sum;
    }

    /// <summary>
    /// Cost of an attempt as its record tells it. Zero for the attempt that serves, whose cost is in the whole; the price of its part for one that was
    /// continued elsewhere.
    /// </summary>
    public NanoDollars Of(GatewayRequest request, Attempt attempt)
    {
        if (IsServed(request, attempt)) return NanoDollars.Zero;
        return attempt.Priced is { } part ? part.Report.Cost ?? NanoDollars.Zero : OfLost(request, attempt);
    }

    /// <summary>
    /// An attempt that did not serve and that the provider may charge all the same. The provider does not say how much, so that the cost is an estimate.
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
