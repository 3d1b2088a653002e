using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>What a limit applies to.</summary>
public enum BudgetLevel
{
    /// <summary>All keys together.</summary>
    Account,

    /// <summary>One API key.</summary>
    Key,
}

/// <summary>The largest amount that may be spent in one reset period. Immutable; equal by value.</summary>
/// <param name="Level">What it applies to.</param>
/// <param name="Subject">Hash of the key; <see cref="WholeAccount"/> for the account.</param>
/// <param name="Amount">The amount, at least zero.</param>
/// <param name="Reset">Reset period.</param>
public sealed record BudgetLimit(BudgetLevel Level, string Subject, NanoDollars Amount, BudgetReset Reset)
{
    /// <summary>The one subject of <see cref="BudgetLevel.Account"/>.</summary>
    public const string WholeAccount = "*";

    /// <summary>Most decimals of a share: with more, parts could round up.</summary>
    public const int ShareDecimals = 6;

    /// <summary>
    /// Part of the operator's limit that <see cref="Amount"/> is, above 0, at most 1: less than 1 where other regions have ledgers of their own.
    /// </summary>
    public decimal Share { get; init; } = 1;

    /// <summary>
    /// The part of a whole limit that one ledger has, rounded down to a whole nano-dollar: parts whose shares sum to at most 1 never sum to more than
    /// the limit.
    /// </summary>
    /// <param name="share">Above 0, at most 1, with at most <see cref="ShareDecimals"/> decimals.</param>
    public BudgetLimit Part(decimal share) => this with { Amount = new NanoDollars(decimal.ToInt64(decimal.Floor(Amount.Value * share))), Share = share };
}
