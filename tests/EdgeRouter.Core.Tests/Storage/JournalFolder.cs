using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Storage.Embedded;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.Core.Tests.Storage;

/// <summary>A store's folder, and short words for what the journal's tests do with it.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => folder.Path;

    public string Journal => System.IO.Path.Combine(folder.Path, "journal");

    public EmbeddedTableStore Open(bool acceptCorruption = false, long maxJournalBytes = long.MaxValue / 4, JournalDisk? disk = null) =>
        EmbeddedTableStore.Open(
            new EmbeddedStoreOptions { Folder = folder.Path, FlushToDisk = false, AcceptCorruption = acceptCorruption, MaxJournalBytes = maxJournalBytes },
            disk ?? new JournalDisk());

    /// <summary>Inserts row0, row1, ... one commit each. Returns the length of the journal before the first and after each.</summary>
    public async Task<long[]> WriteAsync(int rows, long maxJournalBytes = long.MaxValue / 4)
    {
        await using var store = Open(maxJournalBytes: maxJournalBytes);
        var lengths = new List<long> { Length };
        for (var number = 0; number < rows; number++)
        {
            await PutAsync(store, $"row{number}", number);
            lengths.Add(Length);
        }
        return [.. lengths];
    }

    public static async Task PutAsync(EmbeddedTableStore store, string row, int value) =>
        await store.CommitAsync("things", "p", [TableChange.Upsert(row, new Dictionary<string, object> { ["Value"] = value })]);

    public static async Task<string[]> RowsAsync(EmbeddedTableStore store) =>
        [.. (await store.QueryAsync("things", "p", RowRange.All)).Rows.Select(row => $"{row.Row}={row.Properties["Value"]}")];

    public static string[] FirstRows(int count) => [.. Enumerable.Range(0, count).Select(number => $"row{number}={number}")];

    public void FlipBit(long offset, int bit = 0)
    {
        var bytes = File.ReadAllBytes(Journal);
        bytes[offset] ^= (byte)(1 << bit);
        File.WriteAllBytes(Journal, bytes);
    }

    public void Truncate(long length)
    {
        using var file = File.OpenHandle(Journal, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, length);
    }

    public void Dispose() => folder.Dispose();

    private long Length => new FileInfo(Journal).Length;
}
