using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Holds the roll-ups of a key's months and all time against those of its days and months, in one partition. The sum is read before its parts: a
/// writer who comes between changes the sum's ETag, and the replacement is refused.
/// </summary>
internal sealed class TotalsSweep(ITableStore store, string partition)
{
    private const int MostRounds = 10;
    private int mended;
    private int excessive;
    private int unfinished;

    public RollupSweepReport Report => new(0, mended, excessive, unfinished);

    /// <summary>False: a roll-up changed all the while.</summary>
    public async Task<bool> RunAsync(string key, DateOnly day, CancellationToken cancellationToken) =>
        await RunAsync(UsageLayout.MonthRow(key, day), UsageLayout.DaysRange(key, day), cancellationToken)
        && await RunAsync(UsageLayout.AllTimeRow(key), UsageLayout.MonthsRange(key), cancellationToken);

    private async Task<bool> RunAsync(string total, RowRange parts, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var row = await store.GetAsync(UsageLayout.Table, partition, total, cancellationToken);
            var stored = row is null ? default : UsageSum.Read(row.Properties);
            var expected = await SumAsync(parts, cancellationToken);
            if (stored == expected) return true;
            // The parts are read later, and only grow: this was no writer who came between.
            if (stored.Exceeds(expected))
            {
                excessive++;
                return true;
            }
            var change = new RollupChange(total, expected, About: null, row?.ETag).ToChange();
            if ((await store.CommitAsync(UsageLayout.Table, partition, [change], cancellationToken)).Status != CommitStatus.Committed) continue;
            mended++;
            return true;
        }
        unfinished++;
        return false;
    }

    private async Task<UsageSum> SumAsync(RowRange parts, CancellationToken cancellationToken)
    {
        var sum = default(UsageSum);
        await foreach (var row in store.ReadAllAsync(UsageLayout.Table, partition, parts, cancellationToken)) sum += UsageSum.Read(row.Properties);
        return sum;
    }
}
