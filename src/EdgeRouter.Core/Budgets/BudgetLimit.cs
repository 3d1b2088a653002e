using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>Whose spending a limit bounds.</summary>
public enum BudgetLevel
{
    /// <summary>Everything that this router serves.</summary>
    Account,

    /// <summary>What comes with one API key.</summary>
    Key,
}

/// <summary>The most that may be spent on one level in one window. Immutable; equal by value.</summary>
/// <param name="Level">Whose spending.</param>
/// <param name="Subject">Which of them: the hash of the key; <see cref="WholeAccount"/> for the account.</param>
/// <param name="Amount">The most, at least zero.</param>
/// <param name="Reset">When spending begins anew.</param>
public sealed record BudgetLimit(BudgetLevel Level, string Subject, NanoDollars Amount, BudgetReset Reset)
{
    /// <summary>The one subject of <see cref="BudgetLevel.Account"/>.</summary>
    public const string WholeAccount = "*";
}
