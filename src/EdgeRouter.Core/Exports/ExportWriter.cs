using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Writes rows as files of compressed lines. Memory is that of one file, whatever the number of rows: a file ends after <see cref="MaxFileRows"/> rows or half
/// of <see cref="MaxFileBytes"/>. Used by one task.
/// </summary>
internal sealed class ExportWriter(IExportFiles files, Func<int, string> nameOf) : IDisposable
{
    /// <summary>Largest file in bytes. The largest row has a mebibyte, as JSON at most six times that.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>Most rows of a file.</summary>
    public const int MaxFileRows = 20_000;

    /// <summary>Most files of a part: names have four digits.</summary>
    public const int MaxFiles = 9999;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] EndOfLine = "\n"u8.ToArray();

    private readonly List<byte[]> hashes = [];
    private MemoryStream buffer = new();
    private GZipStream? zip;
    private Utf8JsonWriter? lines;
    private int rowsInFile;

    /// <summary>SHA-256 of each file that was written.</summary>
    public IReadOnlyList<byte[]> Files => hashes;

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <exception cref="StorageUnavailableException">The files cannot be reached.</exception>
    /// <exception cref="InvalidDataException">There are too many files.</exception>
    public async Task AddAsync(ExportedRow row, CancellationToken cancellationToken)
    {
        if (zip is null)
        {
            zip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true);
            lines = new Utf8JsonWriter(zip, Json);
        }
        row.Write(lines!);
        await lines!.FlushAsync(cancellationToken);
        lines.Reset();
        await zip.WriteAsync(EndOfLine, cancellationToken);
        Rows++;
        if (++rowsInFile >= MaxFileRows || buffer.Length > MaxFileBytes / 2) await EndFileAsync(cancellationToken);
    }

    /// <summary>Writes what is left.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (rowsInFile > 0) await EndFileAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lines?.Dispose();
        zip?.Dispose();
        buffer.Dispose();
    }

    private async Task EndFileAsync(CancellationToken cancellationToken)
    {
        if (hashes.Count == MaxFiles)
            throw new InvalidDataException($"A part of a day has more than {MaxFiles} files of {MaxFileRows} rows and cannot be exported.");
        await lines!.DisposeAsync();
        await zip!.DisposeAsync();
        // A name is of this attempt alone: a file that is there came from this very write, whose answer was lost. Its hash shows if it did not.
        var content = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        hashes.Add(SHA256.HashData(content.Span));
        await files.TryWriteAsync(nameOf(hashes.Count), content, cancellationToken);
        await buffer.DisposeAsync();
        (buffer, zip, lines, rowsInFile) = (new MemoryStream(), null, null, 0);
    }
}
