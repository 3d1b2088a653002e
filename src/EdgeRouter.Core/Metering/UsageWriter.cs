using System.Runtime.InteropServices;
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
        var rollups = new UsageRollups();
        var work = new List<Task>();
        foreach (var record in records)
        {
            if (!UsageEntry.TryCreate(record, rollups, out var entry, out var reason)) work.Add(PoisonedUsage.WriteAsync(store, record, reason, cancellationToken));
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
            if (chunk.Count > 0 && (chunk.Count + 1 + rollups.Count + CountNew(entry.Rollups, rollups) > TableLimits.MaxChanges || bytes + entry.Bytes > MaxRecordBytes))
            {
                await CommitAsync(partition, chunk, cancellationToken);
                chunk.Clear();
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
        var additions = AdditionsOf(entries);
        var current = await Task.WhenAll(additions.Keys.Select(row => store.GetAsync(UsageLayout.Table, partition, row, cancellationToken).AsTask()));
        var index = 0;
        foreach (var (row, addition) in additions) changes.Add(ChangeOf(row, addition, current[index++]));
    }

    private static Dictionary<string, Addition> AdditionsOf(List<UsageEntry> entries)
    {
        var additions = new Dictionary<string, Addition>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var used = UsageSum.Of(entry.Record);
            foreach (var rollup in entry.Rollups)
            {
                ref var addition = ref CollectionsMarshal.GetValueRefOrAddDefault(additions, rollup.Row, out _);
                addition = new Addition(addition.Sum + used, rollup.OfEndpoint ? entry.Record : null);
            }
        }
        return additions;
    }

    private static TableChange ChangeOf(string row, Addition addition, TableRow? current)
    {
        var properties = new RowProperties(UsageSum.Properties + 4);
        if (addition.About is { } record)
        {
            // As the record's own row has them.
            properties.Add(nameof(record.KeyHash), record.KeyHash);
            properties.Add(nameof(record.EndpointId), GenerationRecordTable.Bounded(record.EndpointId ?? ""));
            properties.Add(nameof(record.Model), GenerationRecordTable.Bounded(record.Model ?? ""));
            properties.Add(nameof(record.ProviderName), GenerationRecordTable.Bounded(record.ProviderName ?? ""));
        }
        (current is null ? addition.Sum : UsageSum.Read(current.Properties) + addition.Sum).Write(properties);
        return current is null ? TableChange.Insert(row, properties) : TableChange.ReplaceIfMatch(row, current.ETag, properties);
    }

    private static int CountNew(UsageRollup[] rollups, HashSet<string> known)
    {
        var count = 0;
        foreach (var rollup in rollups)
            if (!known.Contains(rollup.Row)) count++;
        return count;
    }

    private async Task<List<UsageEntry>> WithoutWrittenAsync(string partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var written = await Task.WhenAll(entries.Select(entry => store.GetAsync(UsageLayout.Table, partition, entry.Record.Id, cancellationToken).AsTask()));
        return [.. entries.Where((_, index) => written[index] is null)];
    }

    /// <summary>What a commit adds to a roll-up. <paramref name="About"/> is set where the row says which endpoint it is about.</summary>
    private readonly record struct Addition(UsageSum Sum, GenerationRecord? About);
}
