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
/// <param name="faults">Receives faults that concern one part of a day; null: they are not reported.</param>
public sealed class MoneyExport(ITableStore store, IExportFiles files, IEnumerable<BudgetLimit> limits, TimeProvider time, IExportFaults? faults = null)
{
    /// <summary>Days that a run looks back; after a longer outage the days before them have no files of their own, but are in the totals.</summary>
    public const int Days = 7;

    /// <summary>Requests that began on a day may still write to it after its end; a record that waits for Service Bus even later.</summary>
    private static readonly TimeSpan ClosingDelay = TimeSpan.FromHours(1);

    /// <summary>How long an attempt that failed tries to give its claim back.</summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    private readonly ExportProgress progress = new(store, time);
    private readonly DayRows rows = new(store, limits);

    /// <summary>
    /// Exports the closed days of the last week that are not exported yet, the oldest first. A part that has a fault of its own, such as a row that cannot be
    /// read, keeps its day unfinished and no other part or day.
    /// </summary>
    /// <exception cref="StorageUnavailableException">Tables or files cannot be used now; the next run continues where this one ended.</exception>
    public async Task<ExportReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var report = default(ExportReport);
        var closed = DateOnly.FromDateTime((time.GetUtcNow() - ClosingDelay).UtcDateTime).AddDays(-1);
        for (var day = closed.AddDays(1 - Days); day <= closed; day = day.AddDays(1))
        {
            try
            {
                report += await ExportAsync(day, cancellationToken);
            }
            catch (Exception fault) when (IsOfOnePart(fault))
            {
                faults?.Report(day, ExportLayout.ManifestRow, fault);
                report += new ExportReport(0, 0, 0, 1);
            }
        }
        return report;
    }

    /// <summary>A row that was edited by hand may fail in any way; what is not of a row concerns every part.</summary>
    private static bool IsOfOnePart(Exception fault) => fault is not (StorageUnavailableException or OperationCanceledException);

    private async Task<ExportReport> ExportAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var done = await progress.ReadAsync(day, cancellationToken);
        if (done.IsComplete) return default;
        var report = default(ExportReport);
        foreach (var part in DayRows.Parts)
        {
            if (done.Has(part)) continue;
            try
            {
                report += await ExportAsync(day, part, cancellationToken);
            }
            catch (Exception fault) when (IsOfOnePart(fault))
            {
                faults?.Report(day, part, fault);
            }
        }
        return report + await CompleteAsync(day, cancellationToken);
    }

    private async Task<ExportReport> ExportAsync(DateOnly day, string part, CancellationToken cancellationToken)
    {
        var attempt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        if (await progress.TryClaimAsync(day, part, attempt, cancellationToken) is not { } claim) return default;
        try
        {
            return await WriteAsync(day, part, attempt, claim, cancellationToken);
        }
        catch (Exception)
        {
            await TryReleaseAsync(day, part, claim);
            throw;
        }
    }

    private async Task TryReleaseAsync(DateOnly day, string part, string claim)
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            await progress.ReleaseAsync(day, part, claim, timeout.Token);
        }
        catch (Exception fault) when (fault is StorageUnavailableException or OperationCanceledException)
        {
            // It ends by itself; what the attempt failed of is what counts.
        }
    }

    private async Task<ExportReport> WriteAsync(DateOnly day, string part, string attempt, string claim, CancellationToken cancellationToken)
    {
        using var writer = new ExportWriter(files, number => ExportLayout.FileName(day, part, attempt, number));
        var sums = default(ExportSums);
        await foreach (var row in rows.ReadAsync(part, day, cancellationToken))
        {
            sums = sums.Add(row, day);
            await writer.AddAsync(row, cancellationToken);
        }
        await writer.EndAsync(cancellationToken);
        var done = new ExportedPart(part, attempt, writer.Files, writer.Rows, sums);
        // Another one took the claim over when it had expired: its files count, and these are left over.
        return await progress.TryFinishAsync(day, done, claim, cancellationToken) ? new ExportReport(0, done.Files.Count, done.Rows, 0) : default;
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
            if (isFirst) faults?.Report(day, ExportLayout.ManifestRow, new InvalidDataException(
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
/// <param name="Unfinished">Days of which a part is missing, because another instance still writes it or it has a fault; the next run tries again.</param>
public readonly record struct ExportReport(int Days, int Files, long Rows, int Unfinished)
{
    /// <summary>Sum.</summary>
    public static ExportReport operator +(ExportReport left, ExportReport right) =>
        new(left.Days + right.Days, left.Files + right.Files, left.Rows + right.Rows, left.Unfinished + right.Unfinished);
}
