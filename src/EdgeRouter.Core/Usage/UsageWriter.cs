using System.Collections.Frozen;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Writes generation records and adds them to the roll-ups (layout: <see cref="UsageLayout"/>). However often and in whatever order a record is
/// delivered, by however many writers at once, it is counted exactly once: the record's own row is the marker, and is inserted in the commit that
/// counts it. When deliveries differ, the first one counts. Thread-safe; one per process is best, because it keeps the roll-ups that it wrote (see
/// <see cref="UsagePartition"/>).
/// </summary>
public sealed class UsageWriter(ITableStore store)
{
    // Leaves room for the roll-ups of the records.
    private const long MaxRecordBytes = TableLimits.MaxCommitBytes / 2;

    private readonly FrozenDictionary<string, UsagePartition> partitions =
        UsageLayout.Partitions.ToFrozenDictionary(partition => partition, partition => new UsagePartition(store, partition), StringComparer.Ordinal);

    /// <summary>
    /// When it completes, every record is durable and counted, or is in the table of poisoned records. Throws
    /// <see cref="StorageUnavailableException"/>; the same call may then be repeated, whatever was already written.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<GenerationRecord> records, CancellationToken cancellationToken = default)
    {
        var byPartition = new Dictionary<string, List<UsageEntry>>(StringComparer.Ordinal);
        var ids = new HashSet<string>(records.Count, StringComparer.Ordinal);
        var rollups = new UsageRollups();
        var work = new List<Task>();
        foreach (var record in records)
        {
            if (!UsageEntry.TryCreate(record, rollups, out var entry, out var reason))
                work.Add(PoisonedUsage.WriteAsync(store, record, reason, cancellationToken));
            else if (ids.Add(record.Id))
            {
                if (!byPartition.TryGetValue(entry.Partition, out var entries)) byPartition.Add(entry.Partition, entries = []);
                entries.Add(entry);
            }
        }
        // In parallel, so that an embedded store flushes once and a remote store works on all of them.
        foreach (var (partition, entries) in byPartition) work.Add(WriteAsync(partitions[partition], entries, cancellationToken));
        await Task.WhenAll(work);
    }

    private static async Task WriteAsync(UsagePartition partition, List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var chunk = new List<UsageEntry>();
        var rollups = new HashSet<string>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var entry in entries)
        {
            if (chunk.Count > 0
                && (chunk.Count + 1 + rollups.Count + CountNew(entry.Rollups, rollups) > TableLimits.MaxChanges || bytes + entry.Bytes > MaxRecordBytes))
            {
                await partition.CommitAsync(chunk, cancellationToken);
                chunk = [];
                rollups.Clear();
                bytes = 0;
            }
            chunk.Add(entry);
            foreach (var rollup in entry.Rollups) rollups.Add(rollup.Row);
            bytes += entry.Bytes;
        }
        await partition.CommitAsync(chunk, cancellationToken);
    }

    private static int CountNew(UsageRollup[] rollups, HashSet<string> known)
    {
        var count = 0;
        foreach (var rollup in rollups)
            if (!known.Contains(rollup.Row)) count++;
        return count;
    }
}
