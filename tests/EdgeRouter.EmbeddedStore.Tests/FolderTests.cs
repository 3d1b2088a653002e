using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Sqlite;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

public sealed class FolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_serves_one_store_at_a_time()
    {
        await using (folder.Open())
        {
            var error = Assert.Throws<StorageUnavailableException>(() => folder.Open());
            Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
            Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        }
        await using var next = folder.Open();
    }

    [Fact]
    public async Task Folder_and_files_are_the_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var store = folder.Open();
        await StoreFolder.PutAsync(store, "row", 1);

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Equal(["lock", "store.db", "store.db-shm", "store.db-wal"],
            Directory.GetFiles(folder.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (var file in Directory.GetFiles(folder.Path)) Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Files_that_others_could_read_are_taken_from_them()
    {
        if (OperatingSystem.IsWindows()) return;
        await folder.FillAsync(1);
        foreach (var name in Directory.GetFiles(folder.Path)) File.SetUnixFileMode(name, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using var store = folder.Open();
        await StoreFolder.PutAsync(store, "row", 1);

        foreach (var file in Directory.GetFiles(folder.Path)) Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Flushing_is_full_synchronisation_and_not_flushing_is_normal()
    {
        await folder.FillAsync(0);
        foreach (var (flush, expected) in (IEnumerable<(bool, long)>)[(true, 2), (false, 1)])
        {
            using var database = Database.OpenWriter(folder.File, flush, 0, 0, long.MaxValue);
            Assert.Equal(expected, database.Number("PRAGMA synchronous"));
        }
        Assert.True(new EmbeddedStoreOptions { Folder = "" }.FlushToDisk);
    }
}
