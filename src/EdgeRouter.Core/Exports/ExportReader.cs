using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Reads the exports in a folder, and holds every part to its manifest: a file that is missing, cut or changed is found before anything relies on it.
/// Stateless.
/// </summary>
internal sealed class ExportReader(ExportFolder folder)
{
    /// <summary>The parts of a day.</summary>
    /// <exception cref="InvalidDataException">The manifest cannot be read, or there are several that differ.</exception>
    public IReadOnlyList<ExportedPart> Parts(DateOnly day)
    {
        byte[]? manifest = null;
        foreach (var name in folder.Manifests(day))
        {
            using var file = folder.OpenRead(name);
            using var content = new MemoryStream();
            file.CopyTo(content);
            if (manifest is not null && !manifest.AsSpan().SequenceEqual(content.ToArray()))
                throw new InvalidDataException($"{ExportLayout.DayName(day)} has manifests that differ: {string.Join(", ", folder.Manifests(day))}. "
                    + "Find out which one the router wrote, and take the others out of the folder.");
            manifest = content.ToArray();
        }
        return ExportManifest.Read(day, manifest ?? throw new InvalidDataException($"{ExportLayout.DayName(day)} has no manifest."));
    }

    /// <summary>The rows of a part, in order.</summary>
    /// <exception cref="InvalidDataException">The files do not have what the manifest says; thrown after the last row at the latest.</exception>
    /// <exception cref="IOException">A file is not there.</exception>
    public async IAsyncEnumerable<ExportedRow> RowsAsync(DateOnly day, ExportedPart part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = 0L;
        var sums = default(ExportSums);
        foreach (var (number, name) in part.FilesOf(day).Index())
        {
            using var content = await ReadAsync(name, part.Files[number], cancellationToken);
            await using var zip = new GZipStream(content, CompressionMode.Decompress);
            using var lines = new StreamReader(zip);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                var row = ExportedRow.Read(line);
                if (!DayRows.IsIn(part.Name, row))
                    throw new InvalidDataException($"Part {part.Name} of {ExportLayout.DayName(day)} has a row of another table or partition.");
                sums = Add(sums, row, day, name);
                rows++;
                yield return row;
            }
        }
        if (rows != part.Rows || sums != part.Sums)
            throw new InvalidDataException($"Part {part.Name} of {ExportLayout.DayName(day)} has {rows} rows; its manifest has {part.Rows}, or other sums.");
    }

    /// <summary>Adds a row whose values are those that the restoration reads of it.</summary>
    private static ExportSums Add(ExportSums sums, ExportedRow row, DateOnly day, string file)
    {
        try
        {
            TableLimits.CheckRow(row.Partition, row.Row, row.Properties);
            if (row.Table == BudgetLedger.Table && BudgetLedger.IsPeriod(row.Row)) PeriodRow.Read(row.Properties, null);
            if (row.Table == UsageLayout.Table && UsageLayout.IsRollup(row.Row)) UsageSum.Read(row.Properties);
            if (row.Table == UsageLayout.Table && UsageLayout.IsTotal(row.Row)) UsageLayout.KeyOfTotals(row.Row);
            return sums.Add(row, day);
        }
        catch (Exception fault) when (fault is ArgumentException or KeyNotFoundException or InvalidCastException or OverflowException
            or FormatException)
        {
            throw new InvalidDataException($"{file} has a row that the router did not write: {fault.Message}", fault);
        }
    }

    /// <summary>A file, whole: what is hashed is what is read.</summary>
    private async Task<MemoryStream> ReadAsync(string name, byte[] hash, CancellationToken cancellationToken)
    {
        await using var file = folder.OpenRead(name);
        if (file.Length > ExportWriter.MaxFileBytes) throw new InvalidDataException($"{name} has {file.Length} bytes, more than any export file.");
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        return SHA256.HashData(content).AsSpan().SequenceEqual(hash) ? new MemoryStream(content, writable: false)
            : throw new InvalidDataException($"{name} was changed: its SHA-256 is not that of the manifest.");
    }

    /// <summary>Reads every file once and checks it; each row is shown on the way.</summary>
    public async Task CheckAsync(DateOnly day, IReadOnlyList<ExportedPart> parts, Action<ExportedRow> show, CancellationToken cancellationToken)
    {
        var unknown = parts.Select(static part => part.Name).Where(static name => !DayRows.Parts.Contains(name)).ToList();
        if (unknown.Count > 0 || parts.DistinctBy(static part => part.Name).Count() != parts.Count)
            throw new InvalidDataException($"The manifest of {ExportLayout.DayName(day)} has parts that no export has, or a part twice.");
        var missing = DayRows.Parts.Except(parts.Select(static part => part.Name), StringComparer.Ordinal).ToList();
        if (missing.Count > 0) throw new InvalidDataException($"The manifest of {ExportLayout.DayName(day)} lacks {string.Join(", ", missing)}.");
        foreach (var part in parts)
            await foreach (var row in RowsAsync(day, part, cancellationToken)) show(row);
    }
}
