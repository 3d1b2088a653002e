using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.EmbeddedStore.Tests;

/// <summary>A store's folder, and short words for what the tests do with it.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly TemporaryFolder root = new();

    public string Path => System.IO.Path.Combine(root.Path, "store");

    public string File => In("store.db");

    public EmbeddedTableStore Open(bool flushToDisk = false, int queueCapacity = 100, long maxFileBytes = long.MaxValue, int readers = 4) =>
        EmbeddedTableStore.Open(new EmbeddedStoreOptions
        {
            Folder = Path,
            FlushToDisk = flushToDisk,
            QueueCapacity = queueCapacity,
            MaxFileBytes = maxFileBytes,
            Readers = readers,
        });

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The folder as a process leaves it that dies now, as another folder.</summary>
    public StoreFolder Copy()
    {
        var copy = new StoreFolder();
        Directory.CreateDirectory(copy.Path);
        foreach (var file in Directory.GetFiles(Path, "store.db*")) System.IO.File.Copy(file, copy.In(System.IO.Path.GetFileName(file)));
        return copy;
    }

    /// <summary>A closed store with row0, row1, ... that have their number as value.</summary>
    public async Task FillAsync(int rows)
    {
        await using var store = Open();
        for (var number = 0; number < rows; number++) await PutAsync(store, $"row{number}", number);
    }

    public static async Task PutAsync(ITableStore store, string row, int value) =>
        await store.CommitAsync("things", "p", [TableChange.Upsert(row, Value(value))]);

    public static Dictionary<string, object> Value(object value) => new() { ["Value"] = value };

    public static async Task<string[]> RowsAsync(ITableStore store) =>
        [.. (await store.QueryAsync("things", "p", RowRange.All)).Rows.Select(row => $"{row.Row}={row.Properties["Value"]}")];

    public void Dispose() => root.Dispose();
}
