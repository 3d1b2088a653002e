using System.Runtime.CompilerServices;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// The rows of a closed day from which totals and ledgers are restored, in parts that are read one after the other. All but the ledger are rows that do
/// not change any more, so that the parts fit each other although they are read at different times. Stateless.
/// </summary>
internal sealed class DayRows(ITableStore store, IEnumerable<BudgetLimit> limits)
{
    public const string Ledger = "ledger";
    public const string Audit = "audit";
    public const string RecordsPrefix = "records-";
    public const string TotalsPrefix = "totals-";

    /// <summary>What callers say of their users and programs is no part of what they owe.</summary>
    private static readonly string[] NotMoney = [nameof(GenerationRecord.ExternalUser), nameof(GenerationRecord.SessionId),
        nameof(GenerationRecord.HttpReferer), nameof(GenerationRecord.AppTitle), nameof(GenerationRecord.UserAgent)];

    /// <summary>Every part of a day.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        [.. UsageLayout.Partitions.Select(static partition => RecordsPrefix + partition),
            .. UsageLayout.Partitions.Select(static partition => TotalsPrefix + partition), Ledger, Audit];

    /// <summary>Whether a row is of the table, the partition and the kind of a part.</summary>
    public static bool IsIn(string part, ExportedRow row) => part switch
    {
        Ledger => row.Table == BudgetLedger.Table,
        Audit => row.Table == AuditLog.Table,
        _ => row.Table == UsageLayout.Table && part[(part.IndexOf('-') + 1)..] == row.Partition
            && part.StartsWith(TotalsPrefix, StringComparison.Ordinal) == UsageLayout.IsTotal(row.Row),
    };

    /// <summary>The rows of a part, page by page.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public IAsyncEnumerable<ExportedRow> ReadAsync(string part, DateOnly day, CancellationToken cancellationToken) => part switch
    {
        Ledger => LedgerAsync(cancellationToken),
        Audit => RangeAsync(AuditLog.Table, AuditLog.PartitionOf(day), RowRange.All, cancellationToken),
        _ when part.StartsWith(RecordsPrefix, StringComparison.Ordinal) => RecordsAsync(part[RecordsPrefix.Length..], day, cancellationToken),
        _ => TotalsAsync(part[TotalsPrefix.Length..], day, cancellationToken),
    };

    private async IAsyncEnumerable<ExportedRow> RangeAsync(string table, string partition, RowRange range,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ReadAllAsync(table, partition, range, cancellationToken))
            yield return new ExportedRow(table, partition, row.Row, row.Properties);
    }

    private async IAsyncEnumerable<ExportedRow> RecordsAsync(string partition, DateOnly day, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        await foreach (var record in RangeAsync(UsageLayout.Table, partition, UsageLayout.RecordsRange(start, start.AddDays(1)), cancellationToken))
            yield return record with { Properties = MoneyOf(record.Properties) };
        // One that was begun on an earlier day may have been completed since that day was exported.
        var adjusted = new RowRange(UsageLayout.AdjustedRange(day.AddDays(1 - MoneyExport.Days)).From, UsageLayout.AdjustedRange(day).To);
        await foreach (var counted in RangeAsync(UsageLayout.Table, partition, adjusted, cancellationToken))
        {
            yield return counted;
            yield return counted with { Row = UsageLayout.AdjustmentRow(counted.Row[(counted.Row.LastIndexOf(':') + 1)..]) };
        }
        await foreach (var activity in RangeAsync(UsageLayout.Table, partition, UsageLayout.ActivityRange(day), cancellationToken)) yield return activity;
    }

    private static RowProperties MoneyOf(IReadOnlyDictionary<string, object> record)
    {
        var kept = new RowProperties(record.Count);
        foreach (var (name, value) in record)
            if (Array.IndexOf(NotMoney, name) < 0) kept.Add(name, value);
        return kept;
    }

    private async IAsyncEnumerable<ExportedRow> TotalsAsync(string partition, DateOnly day, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var first = new DateOnly(day.Year, day.Month, 1);
        await foreach (var key in KeysAsync(partition, cancellationToken))
        {
            var days = new RowRange(UsageLayout.DayRow(key, monday < first ? monday : first), UsageLayout.DayRow(key, day.AddDays(1)));
            await foreach (var row in RangeAsync(UsageLayout.Table, partition, days, cancellationToken)) yield return row;
            var months = new RowRange(UsageLayout.MonthsRange(key).From, UsageLayout.MonthRow(key, first));
            await foreach (var row in RangeAsync(UsageLayout.Table, partition, months, cancellationToken)) yield return row;
        }
    }

    /// <summary>Every key that has totals: from the first row of a key it skips to the first row of the next.</summary>
    private async IAsyncEnumerable<string> KeysAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = UsageLayout.TotalsRange;
        while (true)
        {
            var page = await store.QueryAsync(UsageLayout.Table, partition, range, limit: 1, cancellationToken: cancellationToken);
            // A page may be empty and yet not be the last.
            while (page is { Rows.Count: 0, Continuation: { } next })
                page = await store.QueryAsync(UsageLayout.Table, partition, range, limit: 1, next, cancellationToken);
            if (page.Rows.Count == 0) yield break;
            var key = UsageLayout.KeyOfTotals(page.Rows[0].Row);
            yield return key;
            range = UsageLayout.TotalsAfter(key);
        }
    }

    private async IAsyncEnumerable<ExportedRow> LedgerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var partition in limits.Select(BudgetLedger.PartitionOf).Distinct(StringComparer.Ordinal))
            await foreach (var row in RangeAsync(BudgetLedger.Table, partition, RowRange.All, cancellationToken)) yield return row;
    }
}
