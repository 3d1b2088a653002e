using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Files;
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
    public async Task Log_that_a_killed_process_left_and_a_copy_opened_to_others_is_taken_from_them()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var killed = folder.Open();
        await StoreFolder.PutAsync(killed, "row", 1);
        using var copy = folder.Copy();
        foreach (var file in Directory.GetFiles(copy.Path)) File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using var store = copy.Open();

        Assert.Equal(["row=1"], await StoreFolder.RowsAsync(store));
        Assert.Equal(["lock", "store.db", "store.db-shm", "store.db-wal"],
            Directory.GetFiles(copy.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        foreach (var file in Directory.GetFiles(copy.Path)) Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("store.db", true)]
    [InlineData("store.db", false)]
    [InlineData("store.db-wal", true)]
    [InlineData("store.db-shm", true)]
    [InlineData("lock", true)]
    [InlineData("lock", false)]
    public void Symbolic_link_in_place_of_a_file_is_refused_and_not_followed(string name, bool exists)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(folder.Path);
        var target = Path.GetFullPath(folder.In("../elsewhere"));
        if (exists) File.WriteAllText(target, "somebody else's");
        File.CreateSymbolicLink(folder.In(name), target);

        var refusal = Assert.Throws<StoreRefusedException>(() => folder.Open());

        Assert.Contains(folder.In(name), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(exists, File.Exists(target));
        if (exists) Assert.Equal("somebody else's", File.ReadAllText(target));
    }

    [Fact]
    public async Task Folder_that_is_a_symbolic_link_is_the_operators_choice()
    {
        if (OperatingSystem.IsWindows()) return;
        var target = Path.GetFullPath(folder.In("../elsewhere"));
        Directory.CreateDirectory(target);
        Directory.CreateSymbolicLink(folder.Path, target);
        await using var store = folder.Open();
        Assert.True(File.Exists(Path.Combine(target, "store.db")));
    }

    [Fact]
    public async Task Folder_that_every_user_may_write_in_is_warned_about()
    {
        if (OperatingSystem.IsWindows()) return;
        await using (var sound = folder.Open()) Assert.Empty(sound.Warnings);
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherWrite);
        await using var store = folder.Open();
        Assert.Contains(folder.Path, Assert.Single(store.Warnings), StringComparison.Ordinal);
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
