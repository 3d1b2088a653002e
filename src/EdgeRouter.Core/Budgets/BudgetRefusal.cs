using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>Why a hold was not granted.</summary>
public enum BudgetRefusalReason
{
    /// <summary>The remaining budget is smaller than the amount.</summary>
    Exhausted,

    /// <summary>
    /// So little is left that every request must ask the ledger for its own share, and other instances took theirs first each time that this one tried.
    /// </summary>
    Contended,

    /// <summary>The lease is too small and the ledger cannot be reached.</summary>
    LedgerUnreachable,

    /// <summary>The hold is settled: its request is over.</summary>
    Settled,
}

/// <summary>A hold that was not granted. Immutable.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Limit">The limit that refused; null: <see cref="BudgetRefusalReason.Settled"/>.</param>
/// <param name="Period">The reset period of that limit; null with the limit.</param>
/// <param name="Requested">The amount that was requested.</param>
/// <param name="Remaining">What would have been granted, as far as this instance knows; zero or more.</param>
public sealed record BudgetRefusal(BudgetRefusalReason Reason, BudgetLimit? Limit, BudgetPeriod? Period, NanoDollars Requested, NanoDollars Remaining);
