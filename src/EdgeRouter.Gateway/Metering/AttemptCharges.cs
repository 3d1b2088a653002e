using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Gateway.Metering;

/// <summary>What attempts cost that did not serve: those that failed, lost a race or broke off. Stateless.</summary>
internal sealed class AttemptCharges(RoutingPolicy policy)
{
    /// <summary>
    /// Whether the provider may have charged the attempt. A provider that says why it gives no answer charges nothing; a call that was cut off, by
    /// whomever, or whose answer was unusable, may be charged. Holds and records decide by this alone.
    /// </summary>
    public static bool MayBeCharged(Attempt attempt) => attempt.Sent is not null && attempt.Failure is null or
    {
        Class: FailureClass.Cancelled or FailureClass.CallerGone or FailureClass.TotalTimeout or FailureClass.HeadersTimeout
            or FailureClass.FirstTokenTimeout or FailureClass.IdleTimeout or FailureClass.ProviderTimeout or FailureClass.ConnectionReset
            or FailureClass.MalformedAnswer or FailureClass.TruncatedAnswer or FailureClass.EmptyAnswer
    };

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

    /// <summary>An attempt that may be charged and whose usage is unknown is charged what it sent, as estimated.</summary>
    private NanoDollars OfLost(GatewayRequest request, Attempt attempt)
    {
        if (IsServed(request, attempt) || attempt.Priced is not null || !MayBeCharged(attempt)) return NanoDollars.Zero;
        var pricing = attempt.Endpoint.Pricing ?? policy.CeilingPrice;
        return pricing is null ? NanoDollars.Zero : CostCalculator.Price(request.Facts.Operation.EstimateSent(request.Facts), pricing).Total;
    }

    private static bool IsServed(GatewayRequest request, Attempt attempt) => request.IsAnswered && request.Delivery.Served == attempt;
}
