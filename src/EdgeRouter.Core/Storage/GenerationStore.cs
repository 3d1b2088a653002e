using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>Finds generation records by id. Thread-safe.</summary>
/// <param name="store">Where the records lie.</param>
/// <param name="queue">The queue of this process, if it has one: a record that is on its way there is waited for.</param>
public sealed class GenerationStore(ITableStore store, InProcessUsageQueue? queue = null)
{
    /// <summary>The record; null: there is none, or the text is not a generation id. A point read.</summary>
    public async ValueTask<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!GenerationId.TryParse(id, out _, out _)) return null;
        if (queue is not null) await queue.WaitForAsync(id, cancellationToken);
        var row = await store.GetAsync(UsageLayout.Table, GenerationRecordTable.PartitionOf(id), id, cancellationToken);
        return row is null ? null : GenerationRecordTable.Decode(row);
    }
}
