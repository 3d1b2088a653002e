using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Deletes the records of single generations once they are old, in batches, so that no request waits. Roll-ups, and with them every total, stay. Any
/// number may run at once. Thread-safe.
/// </summary>
/// <param name="store">Store of the records.</param>
/// <param name="time">Clock for their age.</param>
/// <param name="days"> Age at which they are deleted; 0: never. A record that is delivered again after it was deleted is counted again, so the age
/// must be far above the time that a queue keeps a message. </param>
public sealed class RecordRetention(ITableStore store, TimeProvider time, int days)
{
    /// <summary>Deletes the records that are old enough. Returns their number.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; the next run continues where this one ended.</exception>
    public async Task<long> RunAsync(CancellationToken cancellationToken = default)
    {
        if (days == 0) return 0;
        var old = UsageLayout.RecordsRange(DateTimeOffset.UnixEpoch, time.GetUtcNow().AddDays(-days));
        long deleted = 0;
        foreach (var partition in UsageLayout.Partitions) deleted += await DeleteAsync(partition, old, cancellationToken);
        return deleted;
    }

    private async Task<long> DeleteAsync(string partition, RowRange old, CancellationToken cancellationToken)
    {
        long deleted = 0;
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(UsageLayout.Table, partition, old, TableLimits.MaxChanges, continuation, cancellationToken);
            if (page.Rows.Count > 0)
            {
                var changes = new TableChange[page.Rows.Count];
                for (var i = 0; i < changes.Length; i++) changes[i] = TableChange.Delete(page.Rows[i].Row);
                await store.CommitAsync(UsageLayout.Table, partition, changes, cancellationToken);
                deleted += changes.Length;
            }
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return deleted;
    }
}
