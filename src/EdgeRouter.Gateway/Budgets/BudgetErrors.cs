using System.Globalization;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>The error when a limit is exhausted: which limit, the highest possible cost, what is left, and how many units of output it can pay for.</summary>
internal static class BudgetErrors
{
    /// <summary>The error of a refusal.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="bound">Upper bound of the attempt's cost.</param>
    /// <param name="member">The caller API's name for what limits the output.</param>
    public static RouterError Of(BudgetRefusal refusal, CostBound bound, string member) => refusal.Reason switch
    {
        BudgetRefusalReason.Exhausted => Exhausted(refusal, bound, member),
        // No promise: the next one may get what this one did not.
        BudgetRefusalReason.Contended => Exhausted(refusal, bound, member) with { RetryAfter = TimeSpan.FromSeconds(1) },
        BudgetRefusalReason.LedgerUnreachable =>
            new RouterError(503, ErrorTypes.ProviderOverloaded, $"The {Describe(refusal.Limit!)} cannot be checked now: the router's ledger cannot be reached.")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
        _ => new RouterError(500, ErrorTypes.Server, "Internal error: the request's budget hold was already settled."),
    };

    private static RouterError Exhausted(BudgetRefusal refusal, CostBound bound, string member)
    {
        var limit = refusal.Limit!;
        var affordable = bound.Affordable(refusal.Remaining);
        var enough = refusal.Reason == BudgetRefusalReason.Contended ? "other requests were taking it at the same time"
            : affordable > 0 ? string.Create(CultureInfo.InvariantCulture, $"can only afford {affordable}") : "cannot afford its prompt";
        var message = string.Create(CultureInfo.InvariantCulture,
            $"This request requires more credits, or fewer {member}. It may cost up to ${bound.Most} and the {Describe(limit)} of "
            + $"${limit.Amount}{PartOf(limit)} has ${refusal.Remaining} left: "
            + $"you requested up to {bound.Units} {OutputUnits.NameOf(bound.Unit)}, but {enough}.");
        DateTimeOffset? resetsAt = limit.Reset == BudgetReset.Never ? null : refusal.Period!.End;
        return new RouterError(402, ErrorTypes.PaymentRequired, message) { Details = new BudgetExhausted(limit, refusal.Remaining, bound.Most, resetsAt) };
    }

    private static string PartOf(BudgetLimit limit) =>
        limit.Share < 1 ? string.Create(CultureInfo.InvariantCulture, $" (this region's share, {limit.Share} of the whole)") : "";

    private static string Describe(BudgetLimit limit)
    {
        var whose = limit.Level == BudgetLevel.Account ? "account's" : "key's";
        return BudgetResetNames.Of(limit.Reset) is { } reset ? $"{whose} {reset} limit" : $"{whose} limit";
    }
}
