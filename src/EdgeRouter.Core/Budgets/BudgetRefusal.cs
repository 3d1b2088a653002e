using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Budgets;

/// <summary>Why a hold was not granted.</summary>
public enum BudgetRefusalReason
{
    /// <summary>Less is left of the budget than was asked for.</summary>
    Exhausted,

    /// <summary>
    /// So little is left that every request must ask the ledger for its own share, and other instances took theirs first each time that this one tried.
    /// </summary>
    Contended,

    /// <summary>The lease does not suffice and the ledger cannot be reached.</summary>
    LedgerUnreachable,

    /// <summary>The hold is settled: its request is over.</summary>
    Settled,
}

/// <summary>A hold that was not granted. Immutable.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Limit">The limit that refused; null: <see cref="BudgetRefusalReason.Settled"/>.</param>
/// <param name="Window">The window of that limit; null with the limit.</param>
/// <param name="Asked">What was asked for at once.</param>
/// <param name="Left">What this instance could have had, as far as it knows; zero or more.</param>
public sealed record BudgetRefusal(BudgetRefusalReason Reason, BudgetLimit? Limit, BudgetWindow? Window, NanoDollars Asked, NanoDollars Left);
