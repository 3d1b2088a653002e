using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>Finds generation records by id. Thread-safe.</summary>
/// <param name="store">Store of the records.</param>
/// <param name="queue">The queue of this process, if it has one: a read waits for a record that is queued.</param>
/// <param name="time">Set when other processes write the records: a missing record of the last hour is then looked up again for some seconds.</param>
public sealed class GenerationStore(ITableStore store, InProcessUsageQueue? queue = null, TimeProvider? time = null)
{
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    /// <summary>The record; null: there is none, or the text is not a generation id. A point read, or a few.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be read, or the record is queued and not written in time.</exception>
    public async ValueTask<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!GenerationId.TryParse(id, out var arrived, out _)) return null;
        if (queue is not null) await queue.AwaitCountedAsync(id, cancellationToken);
        for (var delay = FirstDelay; ; delay *= 2)
        {
            var row = await store.GetAsync(UsageLayout.Table, GenerationRecordTable.PartitionOf(id), id, cancellationToken);
            if (row is not null) return GenerationRecordTable.Decode(row);
            if (time is null || delay > MaxDelay || (time.GetUtcNow() - arrived).Duration() > Recent) return null;
            await Task.Delay(delay, time, cancellationToken);
        }
    }
}
