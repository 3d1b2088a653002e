using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>What the caller is told when money is short: which limit, what was asked, what is left, and how many tokens that is enough for.</summary>
internal static class BudgetErrors
{
    /// <summary>The error of a refusal.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="needed">What the attempt could cost at most.</param>
    /// <param name="requested">Output tokens in that.</param>
    /// <param name="affordable">Output tokens that what is left suffices for; below zero: not even for the prompt.</param>
    public static RouterError Of(BudgetRefusal refusal, NanoDollars needed, long requested, long affordable) => refusal.Reason switch
    {
        BudgetRefusalReason.Exhausted => Exhausted(refusal, needed, requested, affordable),
        BudgetRefusalReason.LedgerUnreachable =>
            new RouterError(503, ErrorTypes.ProviderOverloaded, $"The {Describe(refusal.Limit!)} cannot be checked now: the router's ledger cannot be reached.")
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
        _ => new RouterError(500, ErrorTypes.Server, "The request is over."),
    };

    /// <summary>Name of a reset in settings and in the API; null: never.</summary>
    public static string? NameOf(BudgetReset reset) => reset switch
    {
        BudgetReset.Never => null,
        BudgetReset.Daily => "daily",
        BudgetReset.Weekly => "weekly",
        BudgetReset.Monthly => "monthly",
        _ => throw new ArgumentOutOfRangeException(nameof(reset), reset, null),
    };

    private static RouterError Exhausted(BudgetRefusal refusal, NanoDollars needed, long requested, long affordable)
    {
        var limit = refusal.Limit!;
        var enough = affordable > 0 ? string.Create(CultureInfo.InvariantCulture, $"can only afford {affordable}") : "cannot afford its prompt";
        var message = string.Create(CultureInfo.InvariantCulture,
            $"This request requires more credits, or fewer max_tokens. It may cost up to ${needed} and the {Describe(limit)} of ${limit.Amount} "
            + $"has ${refusal.Left} left: you requested up to {requested} tokens, but {enough}.");
        var metadata = new JsonObject
        {
            ["level"] = limit.Level == BudgetLevel.Account ? "account" : "key",
            ["limit"] = limit.Amount.ToDollars(),
            ["limit_remaining"] = refusal.Left.ToDollars(),
            ["limit_reset"] = NameOf(limit.Reset),
            ["requested"] = needed.ToDollars(),
        };
        if (limit.Reset != BudgetReset.Never) metadata["resets_at"] = refusal.Window!.End.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new RouterError(402, ErrorTypes.PaymentRequired, message) { Metadata = metadata };
    }

    private static string Describe(BudgetLimit limit)
    {
        var whose = limit.Level == BudgetLevel.Account ? "account's" : "key's";
        return NameOf(limit.Reset) is { } reset ? $"{whose} {reset} limit" : $"{whose} limit";
    }
}
