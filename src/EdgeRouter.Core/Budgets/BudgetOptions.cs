namespace EdgeRouter.Core.Budgets;

/// <summary>How an instance leases from the ledger. Immutable.</summary>
public sealed record BudgetOptions
{
    /// <summary>
    /// Most of what is left of a budget that one instance leases ahead of need, 0 to 1. A single hold may be larger: it then gets exactly what it
    /// needs.
    /// </summary>
    public double LeaseShare { get; init; } = 0.1;

    /// <summary>How long an instance may go on spending a lease without the ledger's word.</summary>
    public TimeSpan LeaseLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True: while the ledger cannot be reached, requests are served beyond the lease and counted later, so that the budget may be passed. False:
    /// they are refused.
    /// </summary>
    public bool ServeWithoutLedger { get; init; }

    /// <summary>How often <see cref="BudgetHolds.RenewAsync"/> is to be called.</summary>
    public TimeSpan RenewalPeriod => LeaseLifetime / 10;
}
