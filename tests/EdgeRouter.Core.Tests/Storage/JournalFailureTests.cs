using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Storage.Embedded;
using Xunit;

namespace EdgeRouter.Core.Tests.Storage;

public sealed class JournalFailureTests : IDisposable
{
    private readonly JournalFolder folder = new();
    private readonly FailingDisk disk = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(nameof(JournalDisk.Write))]
    [InlineData(nameof(JournalDisk.Flush))]
    public async Task A_commit_that_cannot_be_written_is_not_visible_and_later_ones_succeed(string operation)
    {
        await using (var store = OpenFlushing())
        {
            await JournalFolder.PutAsync(store, "row0", 0);
            disk.Failing = operation;
            await Assert.ThrowsAsync<StorageUnavailableException>(() => JournalFolder.PutAsync(store, "row1-with-a-longer-name", 1));
            Assert.Equal(["row0=0"], await JournalFolder.RowsAsync(store));
            disk.Failing = null;
            await JournalFolder.PutAsync(store, "row2", 2);
        }
        await using var again = folder.Open();
        Assert.Null(again.Recovery.Cut);
        Assert.Equal(["row0=0", "row2=2"], await JournalFolder.RowsAsync(again));
    }

    [Fact]
    public async Task While_the_tail_cannot_be_cut_commits_fail_and_afterwards_they_succeed()
    {
        await using (var store = OpenFlushing())
        {
            disk.Failing = nameof(JournalDisk.Write);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => JournalFolder.PutAsync(store, "row0", 0));
            disk.Failing = nameof(JournalDisk.Truncate);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => JournalFolder.PutAsync(store, "row1", 1));
            disk.Failing = null;
            await JournalFolder.PutAsync(store, "row2", 2);
        }
        await using var again = folder.Open();
        Assert.Equal(["row2=2"], await JournalFolder.RowsAsync(again));
    }

    [Fact]
    public async Task A_conflict_with_a_commit_that_failed_is_no_conflict()
    {
        await using var store = OpenFlushing();
        disk.BlockNextFlush();
        var first = JournalFolder.PutAsync(store, "first", 1);
        await disk.FlushReached;
        // These two gather into one group while the first is being flushed.
        disk.Failing = nameof(JournalDisk.Write);
        var insert = store.CommitAsync("things", "p", [TableChange.Insert("row", new Dictionary<string, object> { ["Value"] = 1 })]).AsTask();
        var second = store.CommitAsync("things", "p", [TableChange.Insert("row", new Dictionary<string, object> { ["Value"] = 2 })]).AsTask();
        disk.UnblockFlush();
        await first;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => insert);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => second);
        disk.Failing = null;
        await JournalFolder.PutAsync(store, "row", 3);
        Assert.Equal(["first=1", "row=3"], await JournalFolder.RowsAsync(store));
    }

    [Fact]
    public async Task Nothing_is_visible_before_it_is_flushed()
    {
        await using var store = OpenFlushing();
        disk.BlockNextFlush();
        var commit = JournalFolder.PutAsync(store, "row", 1);
        await disk.FlushReached;
        Assert.Empty(await JournalFolder.RowsAsync(store));
        Assert.False(commit.IsCompleted);
        disk.UnblockFlush();
        await commit;
        Assert.Equal(["row=1"], await JournalFolder.RowsAsync(store));
    }

    [Fact]
    public async Task A_full_queue_waits_and_cancellation_ends_the_wait()
    {
        await using var store = OpenFlushing(queueCapacity: 1);
        disk.BlockNextFlush();
        var writing = JournalFolder.PutAsync(store, "a", 1);
        await disk.FlushReached;
        var queued = JournalFolder.PutAsync(store, "b", 2);
        using var cancellation = new CancellationTokenSource();
        var waiting = store.CommitAsync("things", "p", [TableChange.Upsert("c", new Dictionary<string, object> { ["Value"] = 3 })], cancellation.Token)
            .AsTask();
        var patient = JournalFolder.PutAsync(store, "d", 4);
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        disk.UnblockFlush();
        await Task.WhenAll(writing, queued, patient);
        Assert.Equal(["a=1", "b=2", "d=4"], await JournalFolder.RowsAsync(store));
    }

    [Theory]
    [InlineData(nameof(JournalDisk.Open))]
    [InlineData(nameof(JournalDisk.Move))]
    public async Task A_failed_compaction_loses_nothing(string operation)
    {
        await using (var store = folder.Open(maxJournalBytes: 300, disk: disk))
        {
            disk.Failing = operation;
            for (var number = 0; number < 9; number++) await PutOrRetryAsync(store, number);
            Assert.NotNull(store.LastCompactionError);
            disk.Failing = null;
            await PutOrRetryAsync(store, 9);
        }
        await using var again = folder.Open();
        Assert.Equal(JournalFolder.FirstRows(10), await JournalFolder.RowsAsync(again));
    }

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
    public async Task Closing_finishes_what_is_queued_and_refuses_what_comes_after()
    {
        var store = OpenFlushing();
        disk.BlockNextFlush();
        var first = JournalFolder.PutAsync(store, "a", 1);
        await disk.FlushReached;
        var second = JournalFolder.PutAsync(store, "b", 2);
        var closing = store.DisposeAsync().AsTask();
        disk.UnblockFlush();
        await Task.WhenAll(first, second, closing);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => JournalFolder.PutAsync(store, "c", 3));
        await using var again = folder.Open();
        Assert.Equal(["a=1", "b=2"], await JournalFolder.RowsAsync(again));
    }

    // After a failed rename the file is opened again by the next commit; when that fails too, the caller tries again.
    private async Task PutOrRetryAsync(EmbeddedTableStore store, int number)
    {
        try
        {
            await JournalFolder.PutAsync(store, $"row{number}", number);
        }
        catch (StorageUnavailableException)
        {
            var failing = disk.Failing;
            disk.Failing = null;
            await JournalFolder.PutAsync(store, $"row{number}", number);
            disk.Failing = failing;
        }
    }

    private EmbeddedTableStore OpenFlushing(int queueCapacity = 100) =>
        EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder.Path, FlushToDisk = true, QueueCapacity = queueCapacity }, disk);
}
