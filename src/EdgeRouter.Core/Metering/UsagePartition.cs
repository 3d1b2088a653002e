using System.Diagnostics.CodeAnalysis;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Metering;

/// <summary>
/// Commits records and roll-ups of one partition. Commits of one process take turns, because they write the same roll-ups and all but one would fail. The roll-ups
/// that it wrote last are remembered with their ETags, so that the next commit need not read them: measured, reading was more work for the store than writing. What
/// another process wrote meanwhile shows as a conflict, and is read then. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class UsagePartition(ITableStore store, string partition)
{
    // About 200 bytes each, in 16 partitions. A process that meets more keys and endpoints than that begins anew.
    private const int MostRemembered = 2000;
    private readonly Dictionary<string, (UsageSum Sum, string ETag)> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Writes and counts those of the records that are not yet. They and their roll-ups must fit one commit.</summary>
    public async Task CommitAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            // Every round that fails does so because another writer committed meanwhile, so all of them together get on.
            while (entries.Count > 0)
            {
                var failed = await TryCommitAsync(entries, await ReadRollupsAsync(entries, cancellationToken), cancellationToken);
                if (failed < 0) return;
                if (failed < entries.Count) entries = await WithoutWrittenAsync(entries, cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Index of the change that met another writer's; -1: committed.</summary>
    private async Task<int> TryCommitAsync(List<UsageEntry> entries, IReadOnlyList<RollupChange> rollups, CancellationToken cancellationToken)
    {
        TableChange[] changes = [.. entries.Select(entry => TableChange.Insert(entry.Record.Id, entry.Properties)), .. rollups.Select(rollup => rollup.ToChange())];
        // Forgotten first: after an exception nobody knows what was written.
        foreach (var rollup in rollups) remembered.Remove(rollup.Row);
        var result = await store.CommitAsync(UsageLayout.Table, partition, changes, cancellationToken);
        if (result.Status != CommitStatus.Committed) return result.FailedIndex;
        if (remembered.Count + rollups.Count > MostRemembered) remembered.Clear();
        for (var i = 0; i < rollups.Count; i++) remembered[rollups[i].Row] = (rollups[i].Sum, result.ETags[entries.Count + i]!);
        return -1;
    }

    private async Task<RollupChange[]> ReadRollupsAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var rollups = new Dictionary<string, (UsageRollup Rollup, UsageSum Sum)>(StringComparer.Ordinal);
        foreach (var entry in entries)
            foreach (var rollup in entry.Rollups)
                rollups[rollup.Row] = (rollup, rollups.GetValueOrDefault(rollup.Row).Sum + UsageSum.Of(entry.Record));
        return await Task.WhenAll(rollups.Values.Select(pair => AddAsync(pair.Rollup, pair.Sum, cancellationToken)));
    }

    private async Task<RollupChange> AddAsync(UsageRollup rollup, UsageSum added, CancellationToken cancellationToken)
    {
        if (remembered.TryGetValue(rollup.Row, out var known)) return new RollupChange(rollup, known.Sum + added, known.ETag);
        var row = await store.GetAsync(UsageLayout.Table, partition, rollup.Row, cancellationToken);
        return row is null ? new RollupChange(rollup, added, null) : new RollupChange(rollup, UsageSum.Read(row.Properties) + added, row.ETag);
    }

    private async Task<List<UsageEntry>> WithoutWrittenAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var written = await Task.WhenAll(entries.Select(entry => store.GetAsync(UsageLayout.Table, partition, entry.Record.Id, cancellationToken).AsTask()));
        return [.. entries.Where((_, index) => written[index] is null)];
    }

    /// <param name="Rollup">The row.</param>
    /// <param name="Sum">What it is to say.</param>
    /// <param name="ETag">Of the version that the sum was made from; null: there was no row.</param>
    private readonly record struct RollupChange(UsageRollup Rollup, UsageSum Sum, string? ETag)
    {
        public string Row => Rollup.Row;

        public TableChange ToChange()
        {
            var properties = new Dictionary<string, object>(StringComparer.Ordinal);
            Rollup.Describe(properties);
            Sum.Write(properties);
            return ETag is null ? TableChange.Insert(Row, properties) : TableChange.ReplaceIfMatch(Row, ETag, properties);
        }
    }
}
