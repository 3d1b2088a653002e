using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>What an exported row becomes in tables that may have gone on without it. Stateless.</summary>
internal static class RestoredRow
{
    /// <summary>
    /// The row as it is restored; null: it is not. No lease is: its money counts as spent at once, because no instance will report what it spent of it. The row
    /// of its reset period has the sum, read in the same moment as what is spent.
    /// </summary>
    public static ExportedRow? Of(ExportedRow row)
    {
        if (row.Table != BudgetLedger.Table) return row;
        if (BudgetLedger.IsLease(row.Row)) return null;
        if (!BudgetLedger.IsPeriod(row.Row)) return row;
        var period = PeriodRow.Read(row.Properties, null);
        return row with { Properties = new PeriodRow(period.Spent + period.Leased, default, null, period.Origin).ToProperties() };
    }

    /// <summary>What to write where the tables have other values; null: they stay.</summary>
    /// <param name="row">The row as it is restored.</param>
    /// <param name="stored">What the tables have.</param>
    /// <param name="overwrites">Whether rows of the tables that are newer are replaced.</param>
    public static RestoredValues? Merge(ExportedRow row, TableRow stored, bool overwrites)
    {
        if (row.Table == BudgetLedger.Table && BudgetLedger.IsPeriod(row.Row)) return MergePeriod(row, stored, overwrites);
        if (overwrites) return new RestoredValues(row.Properties, IsMerged: false);
        if (row.Table != UsageLayout.Table || !UsageLayout.IsRollup(row.Row)) return null;
        // One that was made again after the loss has only what came since. RollupSweep adds records that the exported one does not have.
        return UsageSum.Read(row.Properties).Requests > UsageSum.Read(stored.Properties).Requests
            ? new RestoredValues(row.Properties, IsMerged: true) : null;
    }

    private static RestoredValues? MergePeriod(ExportedRow row, TableRow stored, bool overwrites)
    {
        var (exported, now) = (PeriodRow.Read(row.Properties, null), PeriodRow.Read(stored.Properties, stored.ETag));
        // Leases that live are inside of what is leased, whatever becomes of the rest.
        if (exported.Origin.Id == now.Origin.Id)
            return overwrites ? new RestoredValues((exported with { Leased = now.Leased }).ToProperties(), IsMerged: false) : null;
        // The row was made again after the loss, from what was left of the totals: what was spent since comes on top of what was spent before.
        var before = exported.Spent > now.Origin.Spent ? exported.Spent : now.Origin.Spent;
        return new RestoredValues(new PeriodRow(before + now.Spent - now.Origin.Spent, now.Leased, null, exported.Origin).ToProperties(), IsMerged: true);
    }
}

/// <summary>Values to write to a row.</summary>
/// <param name="Properties">The values.</param>
/// <param name="IsMerged">Whether they have what the tables had as well.</param>
internal readonly record struct RestoredValues(IReadOnlyDictionary<string, object> Properties, bool IsMerged);
