using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Commits records and roll-ups of one partition. Commits of one process take turns, because they write the same roll-ups and all but one would fail.
/// The roll-ups that it wrote last are kept with their ETags, so that the next commit does not read them again. Measured: reading them cost the store
/// more than writing. A write of another process is a conflict, after which they are read. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle has nothing to dispose.")]
internal sealed class UsagePartition(ITableStore store, string partition)
{
    // About 200 bytes each, in 16 partitions. With more keys and endpoints than that, the cache is cleared.
    private const int MaxCached = 2000;
    private readonly Dictionary<string, (UsageSum Sum, string ETag)> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Writes and counts the records that are not written yet. They and their roll-ups must fit one commit.</summary>
    public async Task CommitAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            // A round fails only when another writer committed, so together they make progress.
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
    private async Task<int> TryCommitAsync(List<UsageEntry> entries, List<RollupChange> rollups, CancellationToken cancellationToken)
    {
        var changes = new TableChange[entries.Count + rollups.Count];
        for (var i = 0; i < entries.Count; i++) changes[i] = TableChange.Insert(entries[i].Record.Id, entries[i].Properties);
        for (var i = 0; i < rollups.Count; i++) changes[entries.Count + i] = rollups[i].ToChange();
        // Dropped first: after an exception it is unknown what was written.
        foreach (var rollup in rollups) remembered.Remove(rollup.Row);
        var result = await store.CommitAsync(UsageLayout.Table, partition, changes, cancellationToken);
        if (result.Status != CommitStatus.Committed) return result.FailedIndex;
        if (remembered.Count + rollups.Count > MaxCached) remembered.Clear();
        for (var i = 0; i < rollups.Count; i++) remembered[rollups[i].Row] = (rollups[i].Sum, result.ETags[entries.Count + i]!);
        return -1;
    }

    private async Task<List<RollupChange>> ReadRollupsAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var additions = AdditionsOf(entries);
        var changes = new List<RollupChange>(additions.Count);
        List<Task<RollupChange>>? reads = null;
        foreach (var (row, addition) in additions)
        {
            if (remembered.TryGetValue(row, out var known)) changes.Add(new RollupChange(row, known.Sum + addition.Sum, addition.About, known.ETag));
            else (reads ??= []).Add(ReadAsync(row, addition, cancellationToken));
        }
        if (reads is not null) changes.AddRange(await Task.WhenAll(reads));
        return changes;
    }

    private static Dictionary<string, RollupAddition> AdditionsOf(List<UsageEntry> entries)
    {
        var additions = new Dictionary<string, RollupAddition>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var used = UsageSum.Of(entry.Record);
            foreach (var rollup in entry.Rollups)
            {
                ref var addition = ref CollectionsMarshal.GetValueRefOrAddDefault(additions, rollup.Row, out _);
                addition = new RollupAddition(addition.Sum + used, rollup.OfEndpoint ? entry.Record : null);
            }
        }
        return additions;
    }

    private async Task<RollupChange> ReadAsync(string name, RollupAddition addition, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(UsageLayout.Table, partition, name, cancellationToken);
        return row is null
            ? new RollupChange(name, addition.Sum, addition.About, null)
            : new RollupChange(name, UsageSum.Read(row.Properties) + addition.Sum, addition.About, row.ETag);
    }

    private async Task<List<UsageEntry>> WithoutWrittenAsync(List<UsageEntry> entries, CancellationToken cancellationToken)
    {
        var written = await Task.WhenAll(entries.Select(entry => store.GetAsync(UsageLayout.Table, partition, entry.Record.Id, cancellationToken).AsTask()));
        return [.. entries.Where((_, index) => written[index] is null)];
    }
}
