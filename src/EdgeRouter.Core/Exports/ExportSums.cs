using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>Money in exported rows, to be compared before and after.</summary>
/// <param name="Records">Cost of the generation records.</param>
/// <param name="Adjustments">Adjustments of the day itself.</param>
/// <param name="Totals">Cost of all keys together, on the days and in the months that were exported.</param>
/// <param name="Spent">Spent in the periods of the ledger.</param>
/// <param name="Leased">Leased in them.</param>
public readonly record struct ExportSums(NanoDollars Records, NanoDollars Adjustments, NanoDollars Totals, NanoDollars Spent, NanoDollars Leased)
{
    /// <summary>Sum.</summary>
    public static ExportSums operator +(ExportSums left, ExportSums right) => new(left.Records + right.Records, left.Adjustments + right.Adjustments,
        left.Totals + right.Totals, left.Spent + right.Spent, left.Leased + right.Leased);

    internal ExportSums Add(ExportedRow row, DateOnly day)
    {
        NanoDollars Money(string name) => new((long)row.Properties[name]);
        return row.Table switch
        {
            BudgetLedger.Table when BudgetLedger.IsPeriod(row.Row) =>
                this with { Spent = Spent + Money(nameof(PeriodRow.Spent)), Leased = Leased + Money(nameof(PeriodRow.Leased)) },
            UsageLayout.Table when GenerationId.TryParse(row.Row, out _, out _) => this with { Records = Records + Money(nameof(GenerationRecord.Cost)) },
            UsageLayout.Table when UsageLayout.IsAdjusted(day, row.Row) => this with { Adjustments = Adjustments + Money(nameof(UsageAdjustment.Amount)) },
            UsageLayout.Table when UsageLayout.IsTotalOf(UsageLayout.AllKeys, row.Row) => this with { Totals = Totals + Money(nameof(UsageSum.Cost)) },
            _ => this,
        };
    }
}
