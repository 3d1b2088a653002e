using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Metering;

/// <summary>Cost of attempts that did not produce the answer: they failed, lost the race or were aborted. Stateless.</summary>
internal sealed class AttemptCharges(AnswerPricer pricer)
{
    /// <summary>
    /// Prices the attempts that are not in the price of the delivered answer and that their providers may charge. One entry for each attempt, null when
    /// there is nothing to charge; null as a whole when there is no such attempt.
    /// </summary>
    public PricedAnswer?[]? OfLost(GatewayRequest request, Attempt[] attempts)
    {
        PricedAnswer?[]? lost = null;
        for (var i = 0; i < attempts.Length; i++)
        {
            if (IsServed(request, attempts[i]) || attempts[i].Priced is not null || pricer.PriceLost(request, attempts[i]) is not { } priced) continue;
            lost ??= new PricedAnswer?[attempts.Length];
            lost[i] = priced;
        }
        return lost;
    }

    /// <summary>Cost of everything together, at most <see cref="GenerationRecord.MaxCost"/>.</summary>
    /// <param name="delivered">The delivered answer with the parts that others began; null: there is none.</param>
    /// <param name="lost">The others.</param>
    public static NanoDollars Total(PricedAnswer? delivered, PricedAnswer?[]? lost)
    {
        var sum = delivered?.Report.Cost ?? NanoDollars.Zero;
        foreach (var one in lost ?? []) sum = NanoDollars.SumOrMax(sum, one?.Report.Cost ?? NanoDollars.Zero);
        return sum < GenerationRecord.MaxCost ? sum : GenerationRecord.MaxCost;
    }

    private static bool IsServed(GatewayRequest request, Attempt attempt) => request.IsAnswered && request.Delivery.Served == attempt;
}
