using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>The error when a limit is exhausted: which limit, the highest possible cost, what is left, and how many units of output it can pay for.</summary>
internal static class BudgetErrors
{
    /// <summary>The error of a refusal.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="bound">Upper bound of the attempt's cost.</param>
    public static RouterError Of(BudgetRefusal refusal, CostBound bound) => refusal.Reason switch
    {
        BudgetRefusalReason.Exhausted => Exhausted(refusal, bound),
        // No promise: the next one may get what this one did not.
        BudgetRefusalReason.Contended => Exhausted(refusal, bound) with { RetryAfter = TimeSpan.FromSeconds(1) },
        BudgetRefusalReason.LedgerUnreachable =>
            new RouterError(503, ErrorTypes.ProviderOverloaded, $"The {Describe(refusal.Limit!)} cannot be checked now: the router's ledger cannot be reached.")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
        _ => new RouterError(500, ErrorTypes.Server, "Internal error: the request's budget hold was already settled."),
    };

    private static RouterError Exhausted(BudgetRefusal refusal, CostBound bound)
    {
        var limit = refusal.Limit!;
        var affordable = bound.Affordable(refusal.Left);
        var enough = refusal.Reason == BudgetRefusalReason.Contended ? "other requests were taking it at the same time"
            : affordable > 0 ? string.Create(CultureInfo.InvariantCulture, $"can only afford {affordable}") : "cannot afford its prompt";
        var message = string.Create(CultureInfo.InvariantCulture,
            $"This request requires more credits, or fewer {bound.Unit.Parameter}. It may cost up to ${bound.Most} and the {Describe(limit)} of "
            + $"${limit.Amount}{PartOf(limit)} has ${refusal.Left} left: you requested up to {bound.Units} {bound.Unit.Plural}, but {enough}.");
        var metadata = new JsonObject
        {
            ["level"] = limit.Level == BudgetLevel.Account ? "account" : "key",
            ["limit"] = limit.Amount.ToDollars(),
            ["limit_remaining"] = refusal.Left.ToDollars(),
            ["limit_reset"] = BudgetResetNames.Of(limit.Reset),
            ["requested"] = bound.Most.ToDollars(),
        };
        if (limit.Share < 1) metadata[BudgetSettings.ShareMember] = limit.Share;
        if (limit.Reset != BudgetReset.Never) metadata["resets_at"] = refusal.Period!.End.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new RouterError(402, ErrorTypes.PaymentRequired, message) { Metadata = metadata };
    }

    private static string PartOf(BudgetLimit limit) =>
        limit.Share < 1 ? string.Create(CultureInfo.InvariantCulture, $" (this region's share, {limit.Share} of the whole)") : "";

    private static string Describe(BudgetLimit limit)
    {
        var whose = limit.Level == BudgetLevel.Account ? "account's" : "key's";
        return BudgetResetNames.Of(limit.Reset) is { } reset ? $"{whose} {reset} limit" : $"{whose} limit";
    }
}
