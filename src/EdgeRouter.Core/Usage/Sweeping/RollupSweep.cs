using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Holds the roll-ups of closed days against the records that they count. The router itself leaves none half done: a record and the roll-ups that
/// count it are one commit, and whatever a dead instance had not written comes again from its queue or its journal. What the sweep finds was done
/// from outside: tables copied while they were written or in part, rows deleted or edited by hand, a defect. A roll-up that counts less than its
/// records is set right. One that counts more is only reported: its records may have been deleted on purpose, and what was spent stays spent. Any
/// number of sweeps and writers may run at once. Thread-safe.
/// </summary>
public sealed class RollupSweep(ITableStore store, TimeProvider time)
{
    /// <summary>Days that a sweep looks back; a day is swept once.</summary>
    public const int Days = 7;

    private const int PartitionsAtOnce = 4;

    /// <summary>A day that is just over may still be written to by requests that began in it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>
    /// Told the partition, the day and the cause when a row there cannot be read. That part of the day counts as unfinished, and the sweep goes on
    /// with the others. Called by several threads at once; must not throw or block.
    /// </summary>
    public Action<string, DateOnly, Exception>? OnUnreadable { get; init; }

    /// <summary>Sweeps the closed days of the last week that were not swept yet, the oldest first.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; the next sweep goes on where this one ended.</exception>
    public async Task<RollupSweepReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var report = default(RollupSweepReport);
        var closed = DateOnly.FromDateTime((time.GetUtcNow() - Settling).UtcDateTime).AddDays(-1);
        for (var day = closed.AddDays(1 - Days); day <= closed; day = day.AddDays(1))
            foreach (var partitions in UsageLayout.Partitions.Chunk(PartitionsAtOnce))
                foreach (var swept in await Task.WhenAll(partitions.Select(partition => SweepAsync(partition, day, cancellationToken)))) report += swept;
        return report;
    }

    private async Task<RollupSweepReport> SweepAsync(string partition, DateOnly day, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(UsageLayout.Table, partition, UsageLayout.SweptRow(day), cancellationToken) is not null) return default;
        var days = new DaySweep(store, partition, day);
        var totals = new TotalsSweep(store, partition);
        try
        {
            if (!await days.RunAsync(cancellationToken)) return days.Report;
            foreach (var key in days.Keys)
                if (!await totals.RunAsync(key, day, cancellationToken)) return days.Report + totals.Report;
        }
        catch (Exception error) when (error is not (StorageUnavailableException or OperationCanceledException))
        {
            // Rows are read by what they ought to hold: one that was changed by hand may fail in any way.
            OnUnreadable?.Invoke(partition, day, error);
            return (days.Report + totals.Report) with { Unfinished = 1 };
        }
        var done = new RowProperties(1);
        done.Add(nameof(RollupSweepReport.Records), Boxed.Of(days.Report.Records));
        await store.CommitAsync(UsageLayout.Table, partition, [TableChange.Upsert(UsageLayout.SweptRow(day), done)], cancellationToken);
        return days.Report + totals.Report;
    }
}

/// <summary>What a sweep found.</summary>
/// <param name="Records">Records looked at.</param>
/// <param name="Mended">Roll-ups that counted less than there was, and were set right.</param>
/// <param name="Excessive">Roll-ups that count more than there is, and were left as they are.</param>
/// <param name="Unfinished">Parts of days that changed all the while, or that hold a row that cannot be read; the next sweep looks again.</param>
public readonly record struct RollupSweepReport(long Records, int Mended, int Excessive, int Unfinished)
{
    /// <summary>Sum.</summary>
    public static RollupSweepReport operator +(RollupSweepReport left, RollupSweepReport right) =>
        new(left.Records + right.Records, left.Mended + right.Mended, left.Excessive + right.Excessive, left.Unfinished + right.Unfinished);
}
