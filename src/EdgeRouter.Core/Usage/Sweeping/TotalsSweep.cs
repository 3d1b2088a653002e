using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Compares the roll-ups of a key's months and all time with those of its days and months, in one partition. The sum is read before its parts: a
/// writer in between changes the sum's ETag, and the replacement is refused.
/// </summary>
internal sealed class TotalsSweep(ITableStore store, string partition)
{
    private const int MaxRounds = 10;
    private int corrected;
    private int excessive;
    private int unfinished;

    /// <summary>
    /// Whether a total is made right also when it cost more than its parts, as long as it has no more requests: parts that came back may have refunds.
    /// </summary>
    public bool LowersCosts { get; init; }

    public RollupSweepReport Report => new(0, corrected, excessive, unfinished);

    /// <summary>False: a roll-up kept changing.</summary>
    public async Task<bool> RunAsync(string key, DateOnly day, CancellationToken cancellationToken) =>
        await RunAsync(UsageLayout.MonthRow(key, day), UsageLayout.DaysRange(key, day), cancellationToken)
        && await RunAsync(UsageLayout.AllTimeRow(key), UsageLayout.MonthsRange(key), cancellationToken);

    private async Task<bool> RunAsync(string total, RowRange parts, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var row = await store.GetAsync(UsageLayout.Table, partition, total, cancellationToken);
            var stored = row is null ? default : UsageSum.Read(row.Properties);
            var expected = await SumAsync(parts, cancellationToken);
            if (stored == expected) return true;
            // The parts are read later and only grow, so a smaller sum of parts does not come from a writer in between.
            if (row is not null && (LowersCosts ? stored.Requests > expected.Requests : stored.Exceeds(expected)))
            {
                excessive++;
                return true;
            }
            var change = new RollupChange(total, expected, About: null, row?.ETag).ToChange();
            if ((await store.CommitAsync(UsageLayout.Table, partition, [change], cancellationToken)).Status != CommitStatus.Committed) continue;
            corrected++;
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
