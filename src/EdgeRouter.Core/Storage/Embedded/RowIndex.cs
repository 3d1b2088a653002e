using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// All rows in memory, sorted per partition. Readers take no lock and see each partition as it was after some whole commit; changes come from one
/// thread at a time.
/// </summary>
internal sealed class RowIndex
{
    private static readonly ImmutableSortedSet<StoredRow> NoRows = ImmutableSortedSet.Create(StoredRow.ByKey);
    private readonly ConcurrentDictionary<PartitionName, ImmutableSortedSet<StoredRow>> partitions = new();

    /// <summary>Highest version that was ever given to a row; versions are never given twice.</summary>
    public long LastVersion { get; private set; }

    public long NextVersion() => ++LastVersion;

    public void Saw(long version) => LastVersion = Math.Max(LastVersion, version);

    public StoredRow? Find(PartitionName name, string row) =>
        partitions.TryGetValue(name, out var rows) && rows.TryGetValue(new StoredRow(row, 0, []), out var found) ? found : null;

    public TablePage Page(PartitionName name, RowRange range, int limit, string? continuation)
    {
        if (!partitions.TryGetValue(name, out var rows)) return new TablePage([], null);
        var index = range.From is null ? 0 : IndexAtOrAfter(rows, range.From);
        // The continuation is the last key of the page before: rows deleted or inserted since do not matter.
        if (continuation is not null) index = Math.Max(index, IndexAfter(rows, continuation));
        var end = range.To is null ? rows.Count : IndexAtOrAfter(rows, range.To);
        var count = Math.Clamp(end - index, 0, limit);
        var page = new TableRow[count];
        for (var i = 0; i < count; i++) page[i] = rows[index + i].ToTableRow(name.Partition);
        return new TablePage(page, index + count < end ? page[^1].Row : null);
    }

    /// <summary>Makes a group of commits visible. The effects of one partition appear together.</summary>
    public void Apply(List<RowEffect> effects)
    {
        var changed = new Dictionary<PartitionName, ImmutableSortedSet<StoredRow>.Builder>();
        foreach (var effect in effects)
        {
            if (!changed.TryGetValue(effect.Partition, out var rows))
                changed.Add(effect.Partition, rows = partitions.GetValueOrDefault(effect.Partition, NoRows).ToBuilder());
            // A sorted set keeps the row it has when an equal one is added.
            rows.Remove(effect.After ?? new StoredRow(effect.Row, 0, []));
            if (effect.After is not null) rows.Add(effect.After);
        }
        foreach (var (name, rows) in changed)
        {
            if (rows.Count == 0) partitions.TryRemove(name, out _);
            else partitions[name] = rows.ToImmutable();
        }
    }

    /// <summary>Makes a group of commits visible that was read back, with the versions that it has.</summary>
    public void Restore(List<RowEffect> effects)
    {
        Apply(effects);
        foreach (var effect in effects)
            if (effect.After is not null) Saw(effect.After.Version);
    }

    /// <summary>Every row, as an effect that would put it there.</summary>
    public IEnumerable<RowEffect> All()
    {
        foreach (var (name, rows) in partitions)
            foreach (var row in rows) yield return new RowEffect(name, row.Key, row);
    }

    private static int IndexAtOrAfter(ImmutableSortedSet<StoredRow> rows, string key)
    {
        var index = rows.IndexOf(new StoredRow(key, 0, []));
        return index < 0 ? ~index : index;
    }

    private static int IndexAfter(ImmutableSortedSet<StoredRow> rows, string key)
    {
        var index = rows.IndexOf(new StoredRow(key, 0, []));
        return index < 0 ? ~index : index + 1;
    }
}
