using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage.Sweeping;

/// <summary>
/// Compares the roll-ups of closed days with the records that they count. The router itself cannot leave them different, because a record and its
/// roll-ups are one commit. A difference comes from outside: tables that were copied while in use, rows that were deleted or edited by hand, or a
/// defect. A roll-up that counts less than its records is corrected. One that counts more is only reported, because its records may have been deleted
/// on purpose. Any number of sweeps and writers may run at once. Thread-safe.
/// </summary>
/// <param name="store">The store of records and roll-ups.</param>
/// <param name="time">Decides which days are closed.</param>
/// <param name="unreadable">Receives rows that cannot be read; the sweep continues with the others. Null: they are not reported.</param>
public sealed class RollupSweep(ITableStore store, TimeProvider time, IUnreadableDays? unreadable = null)
{
    /// <summary>Days that a sweep looks back; a day is swept once.</summary>
    public const int Days = 7;

    private const int PartitionsAtOnce = 4;

    /// <summary>Requests that began on a day may still write to it shortly after its end.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromHours(1);

    /// <summary>Sweeps the closed days of the last week that were not swept yet, the oldest first.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; the next sweep continues where this one ended.</exception>
    public async Task<RollupSweepReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var report = default(RollupSweepReport);
        var closed = DateOnly.FromDateTime((time.GetUtcNow() - LateWrites).UtcDateTime).AddDays(-1);
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
            // A row that was edited by hand may fail in any way.
            unreadable?.Report(partition, day, error);
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
/// <param name="Corrected">Roll-ups that counted too little and were corrected.</param>
/// <param name="Excessive">Roll-ups that count too much and were not changed.</param>
/// <param name="Unfinished">Parts of days that kept changing during the sweep, or that have an unreadable row; the next sweep tries again.</param>
public readonly record struct RollupSweepReport(long Records, int Corrected, int Excessive, int Unfinished)
{
    /// <summary>Sum.</summary>
    public static RollupSweepReport operator +(RollupSweepReport left, RollupSweepReport right) =>
        new(left.Records + right.Records, left.Corrected + right.Corrected, left.Excessive + right.Excessive, left.Unfinished + right.Unfinished);
}
