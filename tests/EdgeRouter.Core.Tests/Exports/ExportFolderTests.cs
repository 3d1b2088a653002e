using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Exports in a folder.</summary>
public sealed class ExportFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder folder = new();

    private string Exports => Path.Combine(folder.Path, "exports");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Folders_and_files_are_the_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;

        Assert.True(await new ExportFolder(Exports).TryWriteAsync("2026-11-20/a.jsonl.gz", "content"u8.ToArray()));

        var day = Path.Combine(Exports, "2026-11-20");
        foreach (var made in (string[])[Exports, day]) Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(day, "a.jsonl.gz")));
    }

    [Fact]
    public async Task File_that_is_there_stays_as_it_is()
    {
        var files = new ExportFolder(Exports);
        await files.TryWriteAsync("2026-11-20/a.jsonl.gz", "first"u8.ToArray());

        Assert.False(await files.TryWriteAsync("2026-11-20/a.jsonl.gz", "second"u8.ToArray()));

        Assert.Equal("first", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Exports, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public async Task Write_that_was_cancelled_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ExportFolder(Exports).TryWriteAsync("2026-11-20/a.jsonl.gz", new byte[1], cancelled.Token));

        Assert.Empty(Directory.GetFiles(Exports, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_a_fault_of_the_storage()
    {
        await File.WriteAllTextAsync(Exports, "a file in its place");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => new ExportFolder(Exports).TryWriteAsync("2026-11-20/a.jsonl.gz", new byte[1]));
    }
}
