using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// Keeps what instances that are gone knew of endpoints: it takes the rows of those that have been silent for an hour together, into one row for each
/// hour in which they were last heard of. So a day's statistics outlive the instances that made them (they may then reach back up to two days), and
/// those who read them every few seconds find few rows. An instance that was only cut off for so long comes back with a row of its own, and is
/// counted twice until the hour's row has gone, a day later: rates and latencies hardly show it. Any number may run at once. Stateless.
/// </summary>
public sealed class PastHealth(ITableStore store, TimeProvider time)
{
    /// <summary>An instance that did not write for so long is gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private const int MostAtOnce = TableLimits.MaxChanges - 1;

    /// <summary>
    /// Takes in what is due; returns the number of instances taken in. What another process writes at the same time is left for the next run.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async Task<int> TakeInAsync(CancellationToken cancellationToken = default)
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
            TableChange[] changes = [Sum(hour.Key, hours.GetValueOrDefault(hour.Key), hour.Take(MostAtOnce)),
                .. hour.Take(MostAtOnce).Select(static gone => TableChange.Delete(gone.Row.Row, gone.Row.ETag))];
            if ((await store.CommitAsync(HealthRows.Table, HealthRows.Partition, changes, cancellationToken)).Status == CommitStatus.Committed)
                taken += changes.Length - 1;
        }
        return taken;
    }

    private static TableChange Sum(string name, TableRow? row, IEnumerable<(TableRow Row, InstanceHealth Health)> gone)
    {
        // What cannot be read is begun anew.
        var before = row is null ? null : TryDecode(row);
        var days = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var takenAt = 0L;
        foreach (var health in gone.Select(static entry => entry.Health).Concat(before is null ? [] : [before]))
        {
            takenAt = Math.Max(takenAt, health.TakenAt);
            foreach (var (endpoint, counts) in health.Endpoints)
            {
                if (!days.TryGetValue(endpoint, out var day)) days.Add(endpoint, day = new int[HealthCells.Width]);
                HealthCells.Add(day, counts.OneDay);
            }
        }
        // The shorter windows, and whatever held the instance back, are over.
        var endpoints = days.ToDictionary(static day => day.Key,
            static day => new EndpointCounts(new int[HealthCells.Width], new int[HealthCells.Width], day.Value, default), StringComparer.Ordinal);
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
