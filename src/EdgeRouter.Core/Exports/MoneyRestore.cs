using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Puts exported rows back into tables. The last day has the totals and the ledger; each day has its own records, roll-ups of endpoints and audit events. The
/// sums of the month and of all time are made from the days and months that are in the tables afterwards, and a ledger that was begun again after the loss is
/// added to the exported one, so that both are right even if instances kept writing. It may be repeated: rows that are there already are left. Used once; the
/// router should not run during it.
/// </summary>
/// <param name="store">The tables.</param>
/// <param name="folder">The exports.</param>
/// <param name="options">What to do.</param>
/// <param name="time">Clock that says which days are over.</param>
public sealed class MoneyRestore(ITableStore store, ExportFolder folder, RestoreOptions options, TimeProvider time)
{
    private readonly ExportReader reader = new(folder);
    private readonly RestoreWriter writer = new(store, options);

    /// <summary>Checks every file first, then restores. A dry run changes nothing.</summary>
    /// <exception cref="InvalidDataException">The exports are not complete, or not all from the router; nothing was changed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="StorageUnavailableException">The tables cannot be used now; the same call continues.</exception>
    public async Task<RestoreReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var days = folder.Days().Where(day => (options.From ?? DateOnly.MinValue) <= day && day <= (options.Through ?? DateOnly.MaxValue)).ToList();
        if (days.Count == 0) throw new InvalidDataException("There is no complete export: no folder of a day has a manifest.");
        if (days[^1] >= DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))
            throw new InvalidDataException($"There is an export of {ExportLayout.DayName(days[^1])}, a day that is not over: the router did not write it. "
                + "Take it out of the folder, and look closely at the others.");
        var parts = days.ToDictionary(static day => day, reader.Parts);
        var last = days[^1];
        var requests = new ExportedRequests(last);
        foreach (var day in days) await reader.CheckAsync(day, parts[day], row => requests.Add(day, row), cancellationToken);
        requests.Check();
        // First the ledger: a reset period that an instance begins now must not be made from totals that are half restored.
        foreach (var part in parts[last].Where(static part => part.Name == DayRows.Ledger)) await RestoreAsync(last, part, cancellationToken);
        foreach (var day in days)
            foreach (var part in parts[day])
                if (part.Name != DayRows.Ledger && (day == last || !IsTotals(part.Name))) await RestoreAsync(day, part, cancellationToken);
        var keys = new HashSet<(string Partition, string Key)>();
        foreach (var part in parts[last].Where(static part => IsTotals(part.Name)))
            await foreach (var row in reader.RowsAsync(last, part, cancellationToken)) keys.Add((row.Partition, UsageLayout.KeyOfTotals(row.Row)));
        if (options.Apply) await SumUpAsync(keys, last, cancellationToken);
        var sums = days.SelectMany(day => parts[day].Where(part => day == last || !IsOfTheLastDay(part.Name)))
            .Aggregate(default(ExportSums), static (sum, part) => sum + part.Sums);
        return new RestoreReport(days[0], last, days.Count, writer.Counts, sums);
    }

    private static bool IsTotals(string part) => part.StartsWith(DayRows.TotalsPrefix, StringComparison.Ordinal);

    private static bool IsOfTheLastDay(string part) => part == DayRows.Ledger || IsTotals(part);

    private async Task RestoreAsync(DateOnly day, ExportedPart part, CancellationToken cancellationToken)
    {
        await foreach (var row in reader.RowsAsync(day, part, cancellationToken)) await writer.AddAsync(row, cancellationToken);
        await writer.EndAsync(cancellationToken);
    }

    private async Task SumUpAsync(IEnumerable<(string Partition, string Key)> keys, DateOnly day, CancellationToken cancellationToken)
    {
        foreach (var (partition, key) in keys)
            if (!await new TotalsSweep(store, partition) { LowersCosts = true }.RunAsync(key, day, cancellationToken))
                throw new StorageUnavailableException("Totals kept changing while they were made again: stop the router, then call again.");
    }
}

/// <summary>How to restore. Immutable.</summary>
/// <param name="Apply">False: only say what would be done.</param>
/// <param name="Overwrite">Whether rows that are in the tables with other values are replaced; false: they are newer than the export and stay.</param>
/// <param name="Through">The last day to restore; null: the last that there is.</param>
public sealed record RestoreOptions(bool Apply, bool Overwrite, DateOnly? Through)
{
    /// <summary>The first day whose records are restored; days before it are not read. Null: the first that there is.</summary>
    public DateOnly? From { get; init; }
}

/// <summary>What a restoration did, or would do.</summary>
/// <param name="From">First day.</param>
/// <param name="Through">Last day.</param>
/// <param name="Days">Number of days with an export.</param>
/// <param name="Counts">Rows by table.</param>
/// <param name="Sums">Money in the exports.</param>
public sealed record RestoreReport(DateOnly From, DateOnly Through, int Days, IReadOnlyDictionary<string, RestoreCounts> Counts, ExportSums Sums)
{
    /// <summary>Rows that stayed because the tables have other values.</summary>
    public long Newer => Counts.Values.Sum(static counts => counts.Newer);
}

/// <summary>Rows of a table.</summary>
/// <param name="Written">Were missing, and are written.</param>
/// <param name="Present">Are there with the same values.</param>
/// <param name="Merged">Were begun again after the loss; what they had and what was exported both count.</param>
/// <param name="Newer">Are there with other values, and stay.</param>
/// <param name="Overwritten">Were there with other values, and are replaced.</param>
public readonly record struct RestoreCounts(long Written, long Present, long Merged, long Newer, long Overwritten);
