namespace EdgeRouter.Core.Budgets;

/// <summary>Names of reset periods, as settings and the API have them.</summary>
public static class BudgetResetNames
{
    /// <summary>The name of a period; null: never.</summary>
    public static string? Of(BudgetReset reset) => reset switch
    {
        BudgetReset.Never => null,
        BudgetReset.Daily => "daily",
        BudgetReset.Weekly => "weekly",
        BudgetReset.Monthly => "monthly",
        _ => throw new ArgumentOutOfRangeException(nameof(reset), reset, null),
    };
}
