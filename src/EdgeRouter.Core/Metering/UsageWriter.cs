using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Metering;

/// <summary>
/// Writes generation records and adds them to the roll-ups (layout: <see cref="UsageLayout"/>). However often and in whatever order a record is delivered, by however many
/// writers at once, it is counted exactly once: the record's own row is the marker, and is inserted in the commit that counts it. Of deliveries that differ the first counts.
/// Thread-safe; keeps no state.
/// </summary>
public sealed class UsageWriter(ITableStore store)
{
    // Room for the roll-ups beside the records.
    private const long MaxRecordBytes = TableLimits.MaxCommitBytes / 2;

    /// <summary>
    /// When it completes, every record is durable and counted, or lies in the table of poisoned records. Throws <see cref="StorageUnavailableException"/>; the same call may then
    /// be repeated, whatever was already written.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<GenerationRecord> records, CancellationToken cancellationToken = default)
    {
        var partitions = new Dictionary<string, List<UsageEntry>>(StringComparer.Ordinal);
        var ids = new HashSet<string>(records.Count, StringComparer.Ordinal);
        var work = new List<Task>();
        foreach (var record in records)
        {
            if (!UsageEntry.TryCreate(record, out var entry, out var reason)) work.Add(PoisonedUsage.WriteAsync(store, record, reason, cancellationToken));
            else if (ids.Add(record.Id))
            {
                if (!partitions.TryGetValue(entry.Partition, out var entries)) partitions.Add(entry.Partition, entries = []);
                entries.Add(entry);
            }
        }
        // Together, so that a journal flushes them as one and a remote store answers them at once.
        foreach (var (partition, entries) in partitions) work.Add(WritePartitionAsync(partition, entries, cancellationToken));
        await Task.WhenAll(work);
    }

    private async Task WritePartitionAsync(string partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var chunk = new List<UsageEntry>();
        var rollups = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var entry in entries)
        {
            var added = entry.Rollups.Count(rollup => !rollups.Contains(rollup.Row));
            if (chunk.Count > 0 && (chunk.Count + 1 + rollups.Count + added > TableLimits.MaxChanges || bytes + entry.Bytes > MaxRecordBytes))
            {
                await CommitAsync(partition, chunk, cancellationToken);
                chunk = [];
                rollups.Clear();
                bytes = 0;
            }
            chunk.Add(entry);
            foreach (var rollup in entry.Rollups) rollups.Add(rollup.Row);
            bytes += entry.Bytes;
        }
        await CommitAsync(partition, chunk, cancellationToken);
    }

    private async Task CommitAsync(string partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        // Every turn that fails does so because another writer committed meanwhile, so all of them together get on.
        while (entries.Count > 0)
        {
            var changes = new List<TableChange>(TableLimits.MaxChanges);
            foreach (var entry in entries) changes.Add(TableChange.Insert(entry.Record.Id, entry.Properties));
            await AddRollupsAsync(changes, partition, entries, cancellationToken);
            var result = await store.CommitAsync(UsageLayout.Table, partition, changes, cancellationToken);
            if (result.Status == CommitStatus.Committed) return;
            if (result.FailedIndex < entries.Count) entries = await WithoutWrittenAsync(partition, entries, cancellationToken);
        }
    }

    private async Task AddRollupsAsync(List<TableChange> changes, string partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var rollups = new Dictionary<string, (UsageRollup Rollup, UsageSum Sum)>(StringComparer.Ordinal);
        foreach (var entry in entries)
            foreach (var rollup in entry.Rollups)
                rollups[rollup.Row] = (rollup, rollups.GetValueOrDefault(rollup.Row).Sum + UsageSum.Of(entry.Record));
        var reads = rollups.Select(async pair => ChangeOf(pair.Value.Rollup, pair.Value.Sum, await store.GetAsync(UsageLayout.Table, partition, pair.Key, cancellationToken)));
        changes.AddRange(await Task.WhenAll(reads));
    }

    private static TableChange ChangeOf(UsageRollup rollup, UsageSum added, TableRow? current)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        rollup.Describe(properties);
        (current is null ? added : UsageSum.Read(current.Properties) + added).Write(properties);
        return current is null ? TableChange.Insert(rollup.Row, properties) : TableChange.ReplaceIfMatch(rollup.Row, current.ETag, properties);
    }

    private async Task<List<UsageEntry>> WithoutWrittenAsync(string partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var written = await Task.WhenAll(entries.Select(entry => store.GetAsync(UsageLayout.Table, partition, entry.Record.Id, cancellationToken).AsTask()));
        return [.. entries.Where((_, index) => written[index] is null)];
    }
}
