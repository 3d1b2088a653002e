using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Reads what keys used, from the roll-ups. Windows are UTC and derived from the clock; weeks begin on Monday. Nothing is cached: a read sees every
/// record whose write was acknowledged before it began. Thread-safe.
/// </summary>
/// <param name="store">Store of the roll-ups.</param>
/// <param name="time">Clock of the windows.</param>
/// <param name="queue">The queue of this process, if it has one: records that it accepted are counted before a read.</param>
public sealed class UsageTotals(ITableStore store, TimeProvider time, InProcessUsageQueue? queue = null)
{
    /// <summary>Usage of one key; zero when it used nothing. Waits some seconds for the key's own requests whose answers the caller is still reading.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be read, or does not count what was accepted.</exception>
    public async Task<KeyUsage> ReadAsync(string keyHash, CancellationToken cancellationToken = default)
    {
        if (queue is not null) await queue.AwaitAllCountedAsync(keyHash, cancellationToken);
        return await ReadRollupsAsync(keyHash, cancellationToken);
    }

    /// <summary>Usage of one key by the records that were queued: does not wait for requests.</summary>
    internal async Task<KeyUsage> ReadHandedOverAsync(string keyHash, CancellationToken cancellationToken)
    {
        if (queue is not null) await queue.AwaitAllCountedAsync(keyHash: null, cancellationToken);
        return await ReadRollupsAsync(keyHash, cancellationToken);
    }

    private async Task<KeyUsage> ReadRollupsAsync(string keyHash, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var shards = await Task.WhenAll(UsageLayout.Partitions.Select(partition => ReadShardAsync(partition, keyHash, today, cancellationToken)));
        var total = default(KeyUsage);
        foreach (var shard in shards) total += shard;
        return total;
    }

    /// <summary>Usage of all keys together. Does not wait for requests.</summary>
    public Task<KeyUsage> ReadAllKeysAsync(CancellationToken cancellationToken = default) => ReadAsync(UsageLayout.AllKeys, cancellationToken);

    private async Task<KeyUsage> ReadShardAsync(string partition, string keyHash, DateOnly today, CancellationToken cancellationToken)
    {
        var allTime = store.GetAsync(UsageLayout.Table, partition, UsageLayout.AllTimeRow(keyHash), cancellationToken).AsTask();
        var month = store.GetAsync(UsageLayout.Table, partition, UsageLayout.MonthRow(keyHash, today), cancellationToken).AsTask();
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var range = new RowRange(UsageLayout.DayRow(keyHash, monday), UsageLayout.DayRow(keyHash, today.AddDays(1)));
        var days = await store.QueryAsync(UsageLayout.Table, partition, range, cancellationToken: cancellationToken);
        UsageSum daily = default, weekly = default;
        foreach (var row in days.Rows)
        {
            var sum = UsageSum.Read(row.Properties);
            weekly += sum;
            if (row.Row == UsageLayout.DayRow(keyHash, today)) daily = sum;
        }
        return new KeyUsage(SumOf(await allTime), daily, weekly, SumOf(await month));
    }

    private static UsageSum SumOf(TableRow? row) => row is null ? default : UsageSum.Read(row.Properties);
}

/// <summary>Usage in the windows that are current now.</summary>
/// <param name="AllTime">Ever.</param>
/// <param name="Daily">This UTC day.</param>
/// <param name="Weekly">This week, from Monday.</param>
/// <param name="Monthly">This month.</param>
public readonly record struct KeyUsage(UsageSum AllTime, UsageSum Daily, UsageSum Weekly, UsageSum Monthly)
{
    /// <summary>Sum, window by window.</summary>
    public static KeyUsage operator +(KeyUsage left, KeyUsage right) =>
        new(left.AllTime + right.AllTime, left.Daily + right.Daily, left.Weekly + right.Weekly, left.Monthly + right.Monthly);
}
