using System.Security.Cryptography;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Writes the money records of each closed day to files from which the tables can be restored (layout: <see cref="ExportLayout"/>). A day is done once,
/// part by part; a run that was interrupted is continued by the next one. Any number of instances and regions that share tables may run it at once: a part
/// belongs to the one that claimed it. Thread-safe.
/// </summary>
/// <param name="store">The tables.</param>
/// <param name="files">Where the files go.</param>
/// <param name="limits">The limits in force, whose ledgers are exported.</param>
/// <param name="time">Clock of the days.</param>
/// <param name="faults">Receives faults that concern one part of a day; null: nobody does.</param>
public sealed class MoneyExport(ITableStore store, IExportFiles files, IEnumerable<BudgetLimit> limits, TimeProvider time, IExportFaults? faults = null)
{
    /// <summary>Days that a run looks back; after a longer outage the days before them have no files of their own, but are in the totals.</summary>
    public const int Days = 7;

    /// <summary>Requests that began on a day may still write to it after its end; a record that waits for Service Bus even later.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private readonly ExportProgress progress = new(store, time);
    private readonly DayRows rows = new(store, limits);

    /// <summary>Exports the closed days of the last week that are not exported yet, the oldest first.</summary>
    /// <exception cref="StorageUnavailableException">Tables or files cannot be used now; the next run continues where this one ended.</exception>
    public async Task<ExportReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var report = default(ExportReport);
        var closed = DateOnly.FromDateTime((time.GetUtcNow() - Settling).UtcDateTime).AddDays(-1);
        for (var day = closed.AddDays(1 - Days); day <= closed; day = day.AddDays(1))
        {
            var done = await progress.ReadAsync(day, cancellationToken);
            if (done.IsComplete) continue;
            foreach (var part in DayRows.Parts)
                if (!done.Has(part)) report += await ExportAsync(day, part, cancellationToken);
            report += await CompleteAsync(day, cancellationToken);
        }
        return report;
    }

    private async Task<ExportReport> ExportAsync(DateOnly day, string part, CancellationToken cancellationToken)
    {
        var attempt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        if (await progress.TryClaimAsync(day, part, attempt, cancellationToken) is not { } claim) return default;
        using var writer = new ExportWriter(files, number => ExportLayout.FileName(day, part, attempt, number));
        var sums = default(ExportSums);
        await foreach (var row in rows.ReadAsync(part, day, cancellationToken))
        {
            sums = sums.Plus(row);
            await writer.AddAsync(row, cancellationToken);
        }
        await writer.EndAsync(cancellationToken);
        var done = new ExportedPart(part, attempt, writer.Files, writer.Rows, sums);
        // Another one took the claim over when it had expired: its files count, and these are left over.
        return await progress.TryFinishAsync(day, done, claim, cancellationToken) ? new ExportReport(0, done.Files, done.Rows, 0) : default;
    }

    private async Task<ExportReport> CompleteAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var done = await progress.ReadAsync(day, cancellationToken);
        if (done.IsComplete) return default;
        if (DayRows.Parts.Any(part => !done.Has(part))) return new ExportReport(0, 0, 0, 1);
        var manifest = ExportManifest.Write(day, done.Parts);
        var isFirst = await progress.TryBeginManifestAsync(day, cancellationToken);
        if (!await files.TryWriteAsync(ExportLayout.ManifestFile(day), manifest, cancellationToken))
        {
            // The same again, after an interruption, is no harm. Another one names other files: a restoration asks which of them is true.
            await files.TryWriteAsync(ExportLayout.OtherManifestFile(day, manifest), manifest, cancellationToken);
            if (isFirst) faults?.Note(day, ExportLayout.ManifestRow, new InvalidDataException(
                $"There is a manifest already. Either the table {ExportLayout.Table} was lost, or somebody else wrote it."));
        }
        await progress.CompleteAsync(day, cancellationToken);
        return new ExportReport(1, 0, 0, 0);
    }
}

/// <summary>What a run did.</summary>
/// <param name="Days">Days that it completed.</param>
/// <param name="Files">Files that it wrote.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Unfinished">Days of which another instance still writes a part; the next run completes them.</param>
public readonly record struct ExportReport(int Days, int Files, long Rows, int Unfinished)
{
    /// <summary>Sum.</summary>
    public static ExportReport operator +(ExportReport left, ExportReport right) =>
        new(left.Days + right.Days, left.Files + right.Files, left.Rows + right.Rows, left.Unfinished + right.Unfinished);
}
