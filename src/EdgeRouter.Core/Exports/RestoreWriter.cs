using EdgeRouter.Core.Storage;

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
    private long bytes;

    /// <summary>Rows by table.</summary>
    public IReadOnlyDictionary<string, RestoreCounts> Counts => counts;

    /// <summary>Adds a row.</summary>
    public async Task AddAsync(ExportedRow row, CancellationToken cancellationToken)
    {
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
        Count(batch[0].Table, new RestoreCounts(batch.Count, 0, 0, 0));
        return true;
    }

    private async Task<RestoreCounts> RestoreAsync(ExportedRow row, CancellationToken cancellationToken)
    {
        while (true)
        {
            var stored = await store.GetAsync(row.Table, row.Partition, row.Row, cancellationToken);
            if (stored is not null && row.IsIn(stored)) return new RestoreCounts(0, 1, 0, 0);
            if (stored is not null && !options.Overwrite) return new RestoreCounts(0, 0, 1, 0);
            var done = stored is null ? new RestoreCounts(1, 0, 0, 0) : new RestoreCounts(0, 0, 0, 1);
            if (!options.Apply) return done;
            var change = stored is null ? TableChange.Insert(row.Row, row.Properties) : TableChange.ReplaceIfMatch(row.Row, stored.ETag, row.Properties);
            var result = await store.CommitAsync(row.Table, row.Partition, [change], cancellationToken);
            if (result.Status == CommitStatus.Committed) return done;
        }
    }

    private void Count(string table, RestoreCounts more)
    {
        var sum = counts.GetValueOrDefault(table);
        counts[table] = new RestoreCounts(sum.Written + more.Written, sum.Present + more.Present, sum.Newer + more.Newer, sum.Overwritten + more.Overwritten);
    }
}
