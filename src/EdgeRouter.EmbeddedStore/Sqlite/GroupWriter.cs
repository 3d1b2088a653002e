using System.Threading.Channels;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>
/// The only writer of the file, on a thread of its own: takes what waits, writes it in one transaction, and completes their tasks when it is durable.
/// While one group is being flushed, the next one gathers. Thread-safe.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    // A group that takes longer than a flush makes others wait for nothing.
    private const int MaxGroupBytes = 256 * 1024;
    private readonly Database database;
    private readonly Channel<IWriteWork> queue;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly List<IWriteWork> group = [];
    private readonly ManualResetEventSlim woken = new();
    private readonly Action wake;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GroupWriter(Database database, int capacity)
    {
        this.database = database;
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        rollback = database.Prepare("ROLLBACK");
        wake = woken.Set;
        queue = Channel.CreateBounded<IWriteWork>(new BoundedChannelOptions(capacity) { SingleReader = true });
    }

    /// <summary>For tests: called by the writer's thread when a group is written and not yet durable. What it throws undoes the group.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Starts the thread: a flush blocks for milliseconds, and the thread pool of a small machine has two threads.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "table store writer" }.Start();

    /// <summary>Completes when there was room in the queue. Cancellation ends the wait only.</summary>
    /// <exception cref="StorageUnavailableException">The store is closed.</exception>
    public ValueTask PostAsync(IWriteWork work, CancellationToken cancellationToken) =>
        queue.Writer.TryWrite(work) ? ValueTask.CompletedTask : WaitForRoomAsync(work, cancellationToken);

    /// <summary>Writes what is queued, then stops and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopped.Task;
        database.Dispose();
        woken.Dispose();
    }

    private async ValueTask WaitForRoomAsync(IWriteWork work, CancellationToken cancellationToken)
    {
        try
        {
            await queue.Writer.WriteAsync(work, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StorageUnavailableException("The store is closed.", error);
        }
    }

    private void Run()
    {
        while (Wait(queue.Reader.WaitToReadAsync()))
        {
            for (var bytes = 0; bytes < MaxGroupBytes && queue.Reader.TryRead(out var work); bytes += work.Size) group.Add(work);
            Write();
            group.Clear();
        }
        stopped.SetResult();
    }

    /// <summary>Blocks, without the task that a blocking wait otherwise costs each time.</summary>
    private bool Wait(ValueTask<bool> pending)
    {
        var ready = pending.GetAwaiter();
        if (!ready.IsCompleted)
        {
            woken.Reset();
            ready.UnsafeOnCompleted(wake);
            woken.Wait();
        }
        return ready.GetResult();
    }

    private void Write()
    {
        try
        {
            begin.Run();
            foreach (var work in group) work.Apply();
            BeforeCommit?.Invoke();
            commit.Run();
        }
        catch (Exception error)
        {
            // Whatever it was, those who wait must hear of it and the thread must live.
            var failure = SqliteFault.Unavailable(database.Path, error);
            RollBack();
            foreach (var work in group) work.Fail(failure);
            return;
        }
        foreach (var work in group) work.Succeed();
    }

    private void RollBack()
    {
        try
        {
            // After some errors SQLite has done it already.
            if (database.IsInTransaction) rollback.Run();
        }
        catch (SqliteException)
        {
            // The next group fails at its beginning, and says why.
        }
    }
}
