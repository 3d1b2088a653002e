using System.Threading.Channels;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// The only writer of a journal: takes the commits that wait, judges them in order, writes and flushes them as one record, and only then makes them visible and
/// completes their tasks. While one group is being flushed, the next one gathers.
/// </summary>
internal sealed class GroupCommitter : IAsyncDisposable
{
    private const int MaxGroupBytes = 1024 * 1024;
    private readonly RowIndex rows;
    private readonly CommitGroup group;
    private readonly JournalFile journal;
    private readonly long maxJournalBytes;
    private readonly Channel<PendingCommit> queue;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long compactAt;

    public GroupCommitter(RowIndex rows, JournalFile journal, EmbeddedStoreOptions options)
    {
        this.rows = rows;
        group = new CommitGroup(rows);
        this.journal = journal;
        maxJournalBytes = options.MaxJournalBytes;
        compactAt = NextCompaction();
        queue = Channel.CreateBounded<PendingCommit>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        // A thread of its own: a flush blocks for milliseconds, and the thread pool of a small machine has two threads.
        new Thread(Run) { IsBackground = true, Name = "table store writer" }.Start();
    }

    /// <summary>Why the last compaction that failed did; null: none failed.</summary>
    public Exception? LastCompactionError { get; private set; }

    /// <summary>Waits for room in the queue, then for the commit's outcome. Cancellation ends the wait; a commit that was queued may still happen.</summary>
    public async ValueTask<CommitResult> CommitAsync(TableCommit commit, CancellationToken cancellationToken)
    {
        var pending = new PendingCommit(commit);
        try
        {
            await queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StorageUnavailableException("The store is closed.", error);
        }
        return await pending.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopped.Task;
    }

    private void Run()
    {
        var pendings = new List<PendingCommit>();
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            long bytes = 0;
            while (bytes < MaxGroupBytes && queue.Reader.TryRead(out var pending))
            {
                pendings.Add(pending);
                bytes += pending.Commit.Size;
            }
            Process(pendings);
            pendings.Clear();
        }
        stopped.SetResult();
    }

    private void Process(List<PendingCommit> pendings)
    {
        group.Clear();
        var results = new CommitResult[pendings.Count];
        try
        {
            for (var i = 0; i < results.Length; i++) results[i] = group.Judge(pendings[i].Commit);
            if (group.Effects.Count > 0)
            {
                JournalPayload.Write(journal.Begin(), group.Effects);
                journal.Append();
            }
            group.Apply();
        }
        catch (Exception error)
        {
            // Whatever it was, the callers must hear of it and the thread must live. Conflicts fail too: they may have been with commits of this
            // group that did not happen.
            foreach (var pending in pendings)
                pending.SetException(new StorageUnavailableException("The journal could not be written: " + error.Message, error));
            return;
        }
        for (var i = 0; i < results.Length; i++) pendings[i].SetResult(results[i]);
        if (journal.Length >= compactAt) Compact();
    }

    private void Compact()
    {
        try
        {
            journal.Replace(rows.All(), rows.LastVersion);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The old journal is whole and goes on growing: nothing is lost but space, and the next attempt comes after as many bytes again.
            LastCompactionError = error;
        }
        compactAt = NextCompaction();
    }

    // At least as much again as the live rows take, so that rewriting costs a constant factor however large the store is.
    private long NextCompaction() => journal.Length + Math.Max(maxJournalBytes, journal.SealedLength);

    private sealed class PendingCommit(TableCommit commit) : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TableCommit Commit => commit;
    }
}
