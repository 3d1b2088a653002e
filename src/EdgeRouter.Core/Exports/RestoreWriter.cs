using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Writes exported rows to tables, as many at once as a commit takes. A batch of which a row is there already is written row by row. Used by one task.
/// </summary>
internal sealed class RestoreWriter(ITableStore store, RestoreOptions options)
{
    private const long MaxBatchBytes = TableLimits.MaxCommitBytes / 2;

    private readonly Dictionary<string, RestoreCounts> counts = new(StringComparer.Ordinal);
    private readonly List<ExportedRow> batch = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<(string Partition, string Row)> planned = [];
    private long bytes;

    /// <summary>Rows by table.</summary>
    public IReadOnlyDictionary<string, RestoreCounts> Counts => counts;

    /// <summary>Adds a row.</summary>
    public async Task AddAsync(ExportedRow exported, CancellationToken cancellationToken)
    {
        if (RestoredRow.Of(exported) is not { } row) return;
        var size = TableLimits.CheckRow(row.Partition, row.Row, row.Properties);
        if (batch.Count > 0 && (batch.Count == TableLimits.MaxChanges || bytes + size > MaxBatchBytes || batch[0].Table != row.Table
            || batch[0].Partition != row.Partition || names.Contains(row.Row))) await EndAsync(cancellationToken);
        batch.Add(row);
        names.Add(row.Row);
        bytes += size;
    }

    /// <summary>Writes what is left.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (batch.Count == 0) return;
        if (!options.Apply || !await TryInsertAsync(cancellationToken))
            foreach (var row in batch) Count(row.Table, await RestoreAsync(row, cancellationToken));
        batch.Clear();
        names.Clear();
        bytes = 0;
    }

    private async Task<bool> TryInsertAsync(CancellationToken cancellationToken)
    {
        var inserts = batch.ConvertAll(static row => TableChange.Insert(row.Row, row.Properties));
        var result = await store.CommitAsync(batch[0].Table, batch[0].Partition, inserts, cancellationToken);
        if (result.Status != CommitStatus.Committed) return false;
        Count(batch[0].Table, default(RestoreCounts) with { Written = batch.Count });
        return true;
    }

    private async Task<RestoreCounts> RestoreAsync(ExportedRow row, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.GetAsync(row.Table, row.Partition, row.Row, cancellationToken);
            var (change, done) = Plan(row, stored);
            if (change is null || !options.Apply) return done;
            if ((await store.CommitAsync(row.Table, row.Partition, [change], cancellationToken)).Status == CommitStatus.Committed) return done;
        }
    }

    private (TableChange? Change, RestoreCounts Counts) Plan(ExportedRow row, TableRow? stored)
    {
        // An adjustment is in the exports of a week.
        if (!options.Apply && UsageLayout.IsOfAdjustment(row.Row) && !planned.Add((row.Partition, row.Row)))
            return (null, default(RestoreCounts) with { Present = 1 });
        if (stored is null) return (TableChange.Insert(row.Row, row.Properties), default(RestoreCounts) with { Written = 1 });
        if (row.IsIn(stored)) return (null, default(RestoreCounts) with { Present = 1 });
        if (RestoredRow.Merge(row, stored, options.Overwrite) is not { } values) return (null, default(RestoreCounts) with { Newer = 1 });
        return (TableChange.ReplaceIfMatch(row.Row, stored.ETag, values.Properties),
            values.IsMerged ? default(RestoreCounts) with { Merged = 1 } : default(RestoreCounts) with { Overwritten = 1 });
    }

    private void Count(string table, RestoreCounts more)
    {
        var sum = counts.GetValueOrDefault(table);
        counts[table] = new RestoreCounts(sum.Written + more.Written, sum.Present + more.Present, sum.Merged + more.Merged, sum.Newer + more.Newer,
            sum.Overwritten + more.Overwritten);
    }
}
