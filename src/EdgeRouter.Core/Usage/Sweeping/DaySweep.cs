using System.Runtime.InteropServices;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Compares the roll-ups of a day with the records and adjustments of one partition. A roll-up counts as wrong only if it did not change while the
/// records were read, and is replaced only if it is still the same. Used once.
/// </summary>
internal sealed class DaySweep(ITableStore store, string partition, DateOnly day)
{
    private const int MaxRounds = 6;

    /// <summary>Largest difference between the time in a record's id and the one in the record.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> excessive = new(StringComparer.Ordinal);
    private long records;
    private int corrected;
    private bool finished;

    /// <summary>Keys that have records on that day; if there are any, <see cref="UsageLayout.AllKeys"/> too.</summary>
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public RollupSweepReport Report => new(records, corrected, excessive.Count, finished ? 0 : 1);

    /// <summary>False: the roll-ups kept changing.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var suspects = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var round = 0; round < MaxRounds && !finished; round++)
        {
            var wrong = await CompareAsync(await CountAsync(cancellationToken), cancellationToken);
            var seen = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var (change, exceeds) in wrong)
            {
                var confirmed = suspects.TryGetValue(change.Row, out var before) && before == change.ETag;
                if (!confirmed) seen.Add(change.Row, change.ETag);
                else if (exceeds) excessive.Add(change.Row);
                else if (await CorrectAsync(change, cancellationToken)) corrected++;
            }
            finished = wrong.TrueForAll(entry => excessive.Contains(entry.Change.Row));
            suspects = seen;
        }
        return finished;
    }

    /// <summary>The expected roll-ups of the day, by row.</summary>
    private async Task<Dictionary<string, RollupAddition>> CountAsync(CancellationToken cancellationToken)
    {
        var sums = new Dictionary<string, RollupAddition>(StringComparer.Ordinal);
        var rollups = new UsageRollups();
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var range = UsageLayout.RecordsRange(start - Slack, start.AddDays(1) + Slack);
        records = 0;
        await foreach (var row in store.ReadAllAsync(UsageLayout.Table, partition, range, cancellationToken))
        {
            var record = GenerationRecordTable.Decode(row);
            if (DateOnly.FromDateTime(record.CreatedAt.UtcDateTime) == day) Count(record, rollups, sums);
        }
        await foreach (var row in store.ReadAllAsync(UsageLayout.Table, partition, UsageLayout.AdjustedRange(day), cancellationToken))
            Count(UsageAdjustments.Decode(row), sums);
        return sums;
    }

    private void Count(GenerationRecord record, UsageRollups rollups, Dictionary<string, RollupAddition> sums)
    {
        records++;
        Keys.Add(UsageLayout.AllKeys);
        Keys.Add(record.KeyHash);
        var used = UsageSum.Of(record);
        foreach (var rollup in rollups.Of(record))
        {
            if (!rollup.OfDay) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, rollup.Row, out _);
            sum = new RollupAddition(sum.Sum + used, rollup.OfEndpoint ? record : null);
        }
    }

    private void Count(UsageAdjustment adjustment, Dictionary<string, RollupAddition> sums)
    {
        foreach (var key in UsageAdjustments.KeysOf(adjustment))
        {
            Keys.Add(key);
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, UsageLayout.DayRow(key, day), out _);
            sum = new RollupAddition(sum.Sum + UsageAdjustments.SumOf(adjustment), sum.About);
        }
    }

    /// <summary>The roll-ups that differ, with their expected values.</summary>
    private async Task<List<(RollupChange Change, bool Exceeds)>> CompareAsync(Dictionary<string, RollupAddition> expected, CancellationToken cancellationToken)
    {
        var wrong = new List<(RollupChange, bool)>();
        foreach (var (name, sum) in expected)
        {
            var row = await store.GetAsync(UsageLayout.Table, partition, name, cancellationToken);
            var stored = row is null ? default : UsageSum.Read(row.Properties);
            if (stored != sum.Sum) wrong.Add((new RollupChange(name, sum.Sum, sum.About, row?.ETag), row is not null && stored.Exceeds(sum.Sum)));
        }
        await foreach (var row in store.ReadAllAsync(UsageLayout.Table, partition, UsageLayout.ActivityRange(day), cancellationToken))
            if (!expected.ContainsKey(row.Row)) wrong.Add((new RollupChange(row.Row, default, About: null, row.ETag), true));
        return wrong;
    }

    /// <summary>False: it was changed since it was read.</summary>
    private async Task<bool> CorrectAsync(RollupChange change, CancellationToken cancellationToken) =>
        (await store.CommitAsync(UsageLayout.Table, partition, [change.ToChange()], cancellationToken)).Status == CommitStatus.Committed;
}
