using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Keeps the statistics of stopped instances. It merges the rows of instances that have not written for an hour into one row per hour of their last
/// write, so that a day's statistics remain when instances stop (they may then reach back up to two days) and readers find few rows. An instance that
/// was only disconnected for that long writes a new row and is counted twice until the hour's row is deleted a day later. The effect on rates and
/// latencies is small. Any number may run at once. Stateless.
/// </summary>
public sealed class PastHealth(ITableStore store, TimeProvider time)
{
    /// <summary>An instance that has not written for so long counts as stopped.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private const int MaxPerCommit = TableLimits.MaxChanges - 1;

    /// <summary>Merges what is due; returns the number of merged instances. What another process writes at the same time is left for the next run.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async Task<int> MergeAsync(CancellationToken cancellationToken = default)
    {
        var oldest = (time.GetUtcNow() - Silence).UtcTicks;
        var hours = new Dictionary<string, TableRow>(StringComparer.Ordinal);
        var silent = new List<(TableRow Row, InstanceHealth Health)>();
        await foreach (var row in store.ReadAllAsync(HealthRows.Table, HealthRows.Partition, RowRange.All, cancellationToken))
        {
            if (HealthRows.IsPast(row)) hours.Add(row.Row, row);
            else if (HealthRows.TakenOf(row) < oldest && TryDecode(row) is { } health) silent.Add((row, health));
        }
        var taken = 0;
        foreach (var hour in silent.GroupBy(static gone => HealthRows.PastRow(gone.Health.TakenAt), StringComparer.Ordinal))
        {
            TableChange[] changes = [Sum(hour.Key, hours.GetValueOrDefault(hour.Key), hour.Take(MaxPerCommit)),
                .. hour.Take(MaxPerCommit).Select(static gone => TableChange.Delete(gone.Row.Row, gone.Row.ETag))];
            if ((await store.CommitAsync(HealthRows.Table, HealthRows.Partition, changes, cancellationToken)).Status == CommitStatus.Committed)
                taken += changes.Length - 1;
        }
        return taken;
    }

    private static TableChange Sum(string name, TableRow? row, IEnumerable<(TableRow Row, InstanceHealth Health)> gone)
    {
        // A row that cannot be read is replaced.
        var before = row is null ? null : TryDecode(row);
        var days = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var takenAt = 0L;
        foreach (var health in gone.Select(static entry => entry.Health).Concat(before is null ? [] : [before]))
        {
            takenAt = Math.Max(takenAt, health.TakenAt);
            foreach (var (endpoint, counts) in health.Endpoints)
            {
                if (!days.TryGetValue(endpoint, out var day)) day = new int[HealthCells.NarrowWidth];
                HealthCells.Add(ref day, counts.OneDay);
                days[endpoint] = day;
            }
        }
        // The shorter windows, and the limits of the instance, are outdated.
        var endpoints = days.ToDictionary(static day => day.Key,
            static day => new EndpointCounts(new int[HealthCells.NarrowWidth], new int[HealthCells.NarrowWidth], day.Value, default), StringComparer.Ordinal);
        var properties = HealthRows.Encode(new InstanceHealth(name, (row is null ? 0 : HealthRows.SequenceOf(row) ?? 0) + 1, takenAt, endpoints));
        return row is null ? TableChange.Insert(name, properties) : TableChange.ReplaceIfMatch(name, row.ETag, properties);
    }

    /// <summary>Null: of another release, or damaged; it is deleted when its time is over.</summary>
    private static InstanceHealth? TryDecode(TableRow row)
    {
        try
        {
            return HealthRows.Decode(row);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
