using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

public sealed class WriteFailureTests : IDisposable
{
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_commit_that_cannot_be_written_is_not_visible_and_later_ones_succeed()
    {
        await using (var store = folder.Open(flushToDisk: true))
        {
            await StoreFolder.PutAsync(store, "row0", 0);
            store.Writer.BeforeCommit = () => throw new IOException("made to fail");
            var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => StoreFolder.PutAsync(store, "row1", 1));
            Assert.Contains("made to fail", failure.Message, StringComparison.Ordinal);
            Assert.Equal(["row0=0"], await StoreFolder.RowsAsync(store));
            store.Writer.BeforeCommit = null;
            await StoreFolder.PutAsync(store, "row2", 2);
        }
        await using var again = folder.Open();
        Assert.Equal(["row0=0", "row2=2"], await StoreFolder.RowsAsync(again));
    }

    [Fact]
    public async Task On_a_full_disk_commits_fail_reads_go_on_and_there_is_room_again_after_deletions()
    {
        await using var store = folder.Open(maxFileBytes: 400_000);
        var large = StoreFolder.Value(new byte[20_000]);
        var written = 0;
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            for (; written < 100; written++) await store.CommitAsync("things", "p", [TableChange.Insert($"row{written}", large)]);
        });
        Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder.File, failure.Message, StringComparison.Ordinal);
        Assert.InRange(written, 5, 20);
        Assert.Equal(written, (await store.QueryAsync("things", "p", RowRange.All)).Rows.Count);
        await store.CommitAsync("things", "p", [TableChange.Delete("row0"), TableChange.Delete("row1")]);
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync("things", "p", [TableChange.Insert("row", large)])).Status);
        Assert.True(new FileInfo(folder.File).Length <= 400_000);
    }

    [Fact]
    public async Task A_conflict_undoes_its_own_commit_and_no_other_of_its_group()
    {
        await using var store = folder.Open(flushToDisk: true);
        await StoreFolder.PutAsync(store, "there", 0);
        var gate = new Gate(store);
        var first = StoreFolder.PutAsync(store, "first", 1);
        await gate.Reached;
        // These gather into one group while the first is being flushed.
        var before = Commit(store, TableChange.Insert("a", StoreFolder.Value(1)), TableChange.Upsert("shared", StoreFolder.Value(1)));
        var conflict = Commit(store, TableChange.Upsert("b", StoreFolder.Value(2)), TableChange.Upsert("shared", StoreFolder.Value(2)),
            TableChange.Insert("there", StoreFolder.Value(2)));
        var onIt = Commit(store, TableChange.Insert("a", StoreFolder.Value(3)));
        var after = Commit(store, TableChange.Insert("c", StoreFolder.Value(4)));
        gate.Open();
        await first;
        Assert.Equal(CommitStatus.Committed, (await before).Status);
        Assert.Equal((CommitStatus.AlreadyExists, 2), ((await conflict).Status, (await conflict).FailedIndex));
        Assert.Equal(CommitStatus.AlreadyExists, (await onIt).Status);
        Assert.Equal(CommitStatus.Committed, (await after).Status);
        Assert.Equal(2, gate.Groups);
        Assert.Equal(["a=1", "c=4", "first=1", "shared=1", "there=0"], await StoreFolder.RowsAsync(store));
    }

    [Fact]
    public async Task A_conflict_with_a_commit_that_failed_is_no_conflict()
    {
        await using var store = folder.Open(flushToDisk: true);
        var gate = new Gate(store);
        var first = StoreFolder.PutAsync(store, "first", 1);
        await gate.Reached;
        var insert = Commit(store, TableChange.Insert("row", StoreFolder.Value(1)));
        var second = Commit(store, TableChange.Insert("row", StoreFolder.Value(2)));
        gate.FailNext();
        gate.Open();
        await first;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => insert);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => second);
        await StoreFolder.PutAsync(store, "row", 3);
        Assert.Equal(["first=1", "row=3"], await StoreFolder.RowsAsync(store));
    }

    [Fact]
    public async Task Nothing_is_visible_before_it_is_flushed()
    {
        await using var store = folder.Open(flushToDisk: true);
        var gate = new Gate(store);
        var commit = StoreFolder.PutAsync(store, "row", 1);
        await gate.Reached;
        Assert.Empty(await StoreFolder.RowsAsync(store));
        Assert.False(commit.IsCompleted);
        gate.Open();
        await commit;
        Assert.Equal(["row=1"], await StoreFolder.RowsAsync(store));
    }

    [Fact]
    public async Task A_full_queue_waits_and_cancellation_ends_the_wait()
    {
        await using var store = folder.Open(queueCapacity: 1);
        var gate = new Gate(store);
        var writing = StoreFolder.PutAsync(store, "a", 1);
        await gate.Reached;
        var queued = StoreFolder.PutAsync(store, "b", 2);
        using var cancellation = new CancellationTokenSource();
        var waiting = store.CommitAsync("things", "p", [TableChange.Upsert("c", StoreFolder.Value(3))], cancellation.Token).AsTask();
        var patient = StoreFolder.PutAsync(store, "d", 4);
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Open();
        await Task.WhenAll(writing, queued, patient);
        Assert.Equal(["a=1", "b=2", "d=4"], await StoreFolder.RowsAsync(store));
    }

    [Fact]
    public async Task Closing_finishes_what_is_queued_and_refuses_what_comes_after()
    {
        var store = folder.Open();
        var gate = new Gate(store);
        var first = StoreFolder.PutAsync(store, "a", 1);
        await gate.Reached;
        var second = StoreFolder.PutAsync(store, "b", 2);
        var closing = store.DisposeAsync().AsTask();
        gate.Open();
        await Task.WhenAll(first, second, closing);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => StoreFolder.PutAsync(store, "c", 3));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => StoreFolder.RowsAsync(store));
        await using var again = folder.Open();
        Assert.Equal(["a=1", "b=2"], await StoreFolder.RowsAsync(again));
    }

    [Fact]
    public async Task More_readers_than_connections_take_turns()
    {
        await using var store = folder.Open(readers: 2);
        await StoreFolder.PutAsync(store, "row", 1);
        var reads = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await store.GetAsync("things", "p", "row"))));
        Assert.All(reads, row => Assert.Equal(1, row!.Properties["Value"]));
    }

    private static Task<CommitResult> Commit(EmbeddedTableStore store, params TableChange[] changes) => store.CommitAsync("things", "p", changes).AsTask();

    /// <summary>Holds the writer in its first transaction, before that is durable.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool failing;
        private int groups;

        public Gate(EmbeddedTableStore store) => store.Writer.BeforeCommit = Pass;

        /// <summary>The writer waits.</summary>
        public Task Reached => reached.Task;

        /// <summary>Transactions so far.</summary>
        public int Groups => Volatile.Read(ref groups);

        public void FailNext() => failing = true;

        public void Open() => opened.SetResult();

        private void Pass()
        {
            if (Interlocked.Increment(ref groups) == 1)
            {
                reached.SetResult();
                opened.Task.Wait();
            }
            else if (failing)
            {
                failing = false;
                throw new IOException("made to fail");
            }
        }
    }
}
