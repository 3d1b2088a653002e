using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Reads the exports in a folder, and holds every part to its manifest: a file that is missing, cut or changed is found before anything relies on it.
/// Stateless.
/// </summary>
internal sealed class ExportReader(ExportFolder folder)
{
    /// <summary>The parts of a day.</summary>
    /// <exception cref="InvalidDataException">The manifest cannot be read.</exception>
    public IReadOnlyList<ExportedPart> Parts(DateOnly day)
    {
        using var file = folder.OpenRead(ExportLayout.ManifestFile(day));
        return ExportManifest.Read(day, file);
    }

    /// <summary>The rows of a part, in order.</summary>
    /// <exception cref="InvalidDataException">The files do not have what the manifest says; thrown after the last row at the latest.</exception>
    /// <exception cref="IOException">A file is not there.</exception>
    public async IAsyncEnumerable<ExportedRow> RowsAsync(DateOnly day, ExportedPart part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = 0L;
        var sums = default(ExportSums);
        foreach (var name in part.FilesOf(day))
        {
            await using var file = folder.OpenRead(name);
            await using var zip = new GZipStream(file, CompressionMode.Decompress);
            using var lines = new StreamReader(zip);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                var row = ExportedRow.Read(line);
                sums = sums.Plus(row);
                rows++;
                yield return row;
            }
        }
        if (rows != part.Rows || sums != part.Sums)
            throw new InvalidDataException($"Part {part.Name} of {ExportLayout.DayName(day)} has {rows} rows; its manifest has {part.Rows}, or other sums.");
    }

    /// <summary>Reads every file once and checks it; each row is shown on the way.</summary>
    public async Task CheckAsync(DateOnly day, IReadOnlyList<ExportedPart> parts, Action<ExportedRow> show, CancellationToken cancellationToken)
    {
        var missing = DayRows.Parts.Except(parts.Select(static part => part.Name), StringComparer.Ordinal).ToList();
        if (missing.Count > 0) throw new InvalidDataException($"The manifest of {ExportLayout.DayName(day)} lacks {string.Join(", ", missing)}.");
        foreach (var part in parts)
            await foreach (var row in RowsAsync(day, part, cancellationToken)) show(row);
    }
}
