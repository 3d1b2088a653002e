using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>
/// Copies of catalog files that are URLs, compressed in the host's own store: a start does with them while a file's server cannot be reached. Thread-safe.
/// </summary>
/// <param name="store">The host's store.</param>
internal sealed class CatalogCopies(ITableStore store)
{
    /// <summary>Its partitions are files, named by a hash.</summary>
    public const string Table = "catalogcopies";

    /// <summary>
    /// Largest copy, compressed: a copy is replaced in one commit, so that none is half new, and Azure counts the commit's 4 MiB in Base64.
    /// </summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private const string Hash = "Hash";
    private const int PartsPerRow = 8;

    /// <summary>The copy of a file; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    /// <exception cref="InvalidDataException">The copy is damaged.</exception>
    public async ValueTask<byte[]?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(file, cancellationToken);
        if (rows.Count == 0) return null;
        using var compressed = new MemoryStream();
        foreach (var row in rows)
            for (var part = 0; row.Properties.TryGetValue(PartName(part), out var bytes); part++) compressed.Write((byte[])bytes);
        compressed.Position = 0;
        using var zip = new GZipStream(compressed, CompressionMode.Decompress);
        using var json = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await zip.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (json.Length + count > CatalogDocument.MaxBytes) throw new InvalidDataException("The copy is too large.");
            json.Write(buffer, 0, count);
        }
        var copy = json.ToArray();
        return rows[0].Properties.GetValueOrDefault(Hash) as string == HashOf(copy) ? copy
            : throw new InvalidDataException("The copy is not what was kept: its hash differs.");
    }

    /// <summary>Replaces the copy of a file, unless it is the same.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be reached.</exception>
    /// <exception cref="InvalidDataException">The file is too large to be kept.</exception>
    public async ValueTask KeepAsync(string file, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var hash = HashOf(json.Span);
        var before = await RowsAsync(file, cancellationToken);
        if (before.Count > 0 && before[0].Properties.GetValueOrDefault(Hash) as string == hash) return;
        var compressed = Compress(json);
        if (compressed.Length > MaxBytes) throw new InvalidDataException($"It has {compressed.Length} bytes, compressed; at most {MaxBytes} are kept.");
        var changes = new List<TableChange>();
        for (var (offset, row) = (0, 0); offset < compressed.Length; row++)
        {
            var properties = new Dictionary<string, object>(StringComparer.Ordinal);
            if (row == 0) properties[Hash] = hash;
            for (var part = 0; part < PartsPerRow && offset < compressed.Length; part++, offset += TableLimits.MaxValueBytes)
                properties[PartName(part)] = compressed[offset..Math.Min(offset + TableLimits.MaxValueBytes, compressed.Length)];
            changes.Add(TableChange.Upsert(RowName(row), properties));
        }
        for (var row = changes.Count; row < before.Count; row++) changes.Add(TableChange.Delete(RowName(row)));
        // If another instance was faster, the copy is that one's.
        await store.CommitAsync(Table, PartitionOf(file), changes, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<TableRow>> RowsAsync(string file, CancellationToken cancellationToken)
    {
        var rows = new List<TableRow>();
        await foreach (var row in store.ReadAllAsync(Table, PartitionOf(file), RowRange.All, cancellationToken)) rows.Add(row);
        return rows;
    }

    private static string HashOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json));

    private static byte[] Compress(ReadOnlyMemory<byte> json)
    {
        using var compressed = new MemoryStream();
        using (var zip = new GZipStream(compressed, CompressionLevel.Optimal)) zip.Write(json.Span);
        return compressed.ToArray();
    }

    private static string PartitionOf(string file) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file)));

    private static string RowName(int row) => row.ToString("D2", CultureInfo.InvariantCulture);

    private static string PartName(int part) => string.Create(CultureInfo.InvariantCulture, $"Part{part}");
}
