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
}
