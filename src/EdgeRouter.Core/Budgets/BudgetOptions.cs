namespace EdgeRouter.Core.Budgets;

/// <summary>How an instance leases from the ledger. Immutable.</summary>
public sealed record BudgetOptions
{
    /// <summary>
    /// Largest share of the remaining budget that one instance may reserve in advance, 0 to 1. A single hold may be larger: the instance then
    /// reserves exactly that amount.
    /// </summary>
    public double LeaseShare { get; init; } = 0.1;

    /// <summary>How long an instance may spend a lease without reaching the ledger.</summary>
    public TimeSpan LeaseLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True: while the ledger cannot be reached, requests are served beyond the lease and counted later, so that the limit may be exceeded. False:
    /// they are refused.
    /// </summary>
    public bool ServeWithoutLedger { get; init; }

    /// <summary>How often <see cref="BudgetHolds.RenewAsync"/> is to be called.</summary>
    public TimeSpan RenewalPeriod => LeaseLifetime / 10;
}
