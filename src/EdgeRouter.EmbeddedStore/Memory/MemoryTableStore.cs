using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Rows;

namespace EdgeRouter.EmbeddedStore.Memory;

/// <summary>
/// A table store that forgets everything with the process: for tests, simulations and trying the router out. Its tasks are always complete. Readers
/// take no lock and see each partition as it was after some whole commit. Thread-safe.
/// </summary>
public sealed class MemoryTableStore : ITableStore
{
    private static readonly ImmutableSortedSet<StoredRow> NoRows = ImmutableSortedSet.Create(StoredRow.ByKey);
    private readonly ConcurrentDictionary<PartitionName, ImmutableSortedSet<StoredRow>> partitions = new();
    private readonly Lock writing = new();
    private long lastVersion;

    /// <inheritdoc/>
    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = PartitionName.Of(table, partition);
        TableLimits.CheckKey(row, nameof(row));
        return new(partitions.GetValueOrDefault(name, NoRows).TryGetValue(StoredRow.Named(row), out var found) ? found.ToTableRow(name) : null);
    }

    /// <inheritdoc/>
    public ValueTask<TablePage> QueryAsync(
        string table, string partition, RowRange range, int limit = 1000, string? continuation = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckPage(limit);
        var name = PartitionName.Of(table, partition);
        var rows = partitions.GetValueOrDefault(name, NoRows);
        var index = range.From is null ? 0 : IndexAtOrAfter(rows, range.From);
        // The continuation is the last key of the page before: rows deleted or inserted since do not matter.
        if (continuation is not null) index = Math.Max(index, IndexAtOrAfter(rows, continuation + '\0'));
        var end = range.To is null ? rows.Count : IndexAtOrAfter(rows, range.To);
        var page = new TableRow[Math.Clamp(end - index, 0, limit)];
        for (var i = 0; i < page.Length; i++) page[i] = rows[index + i].ToTableRow(name);
        return new(new TablePage(page, index + page.Length < end ? page[^1].Row : null));
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var commit = TableCommit.Prepare(PartitionName.Of(table, partition), changes);
        lock (writing) return new(Commit(commit));
    }

    private CommitResult Commit(TableCommit commit)
    {
        var before = partitions.GetValueOrDefault(commit.Partition, NoRows);
        var rows = before.ToBuilder();
        var etags = new string?[commit.Changes.Length];
        for (var i = 0; i < etags.Length; i++)
        {
            ref readonly var change = ref commit.Changes[i];
            var named = StoredRow.Named(change.Row);
            var status = Judge(change, before.TryGetValue(named, out var current) ? current : null);
            if (status != CommitStatus.Committed) return new CommitResult(status, i, []);
            // A sorted set keeps the row it has when an equal one is added.
            rows.Remove(named);
            if (change.Kind == TableChangeKind.Delete) continue;
            rows.Add(new StoredRow(change.Row, ++lastVersion, commit.ValueOf(change).ToArray()));
            etags[i] = RowVersion.ToETag(lastVersion);
        }
        if (rows.Count == 0) partitions.TryRemove(commit.Partition, out _);
        else partitions[commit.Partition] = rows.ToImmutable();
        return new CommitResult(CommitStatus.Committed, -1, etags);
    }

    private static CommitStatus Judge(in PreparedChange change, StoredRow? current)
    {
        if (change.Kind == TableChangeKind.Insert) return current is null ? CommitStatus.Committed : CommitStatus.AlreadyExists;
        var isConditional = change.Kind == TableChangeKind.ReplaceIfMatch || (change.Kind == TableChangeKind.Delete && change.Version is not null);
        return !isConditional || current?.Version == change.Version ? CommitStatus.Committed : CommitStatus.Conflict;
    }

    private static int IndexAtOrAfter(ImmutableSortedSet<StoredRow> rows, string key)
    {
        var index = rows.IndexOf(StoredRow.Named(key));
        return index < 0 ? ~index : index;
    }
}
