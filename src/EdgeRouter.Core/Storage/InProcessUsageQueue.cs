using System.Threading.Channels;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// The usage queue inside the process. A record counts as accepted when it lies in the inbox of the process's store, because this queue dies with the process; it is counted (written
/// with its roll-ups) soon after, in batches. While the store cannot be used it tries again, ever more slowly, and callers wait. Thread-safe.
/// </summary>
public sealed class InProcessUsageQueue : IUsageQueue, IAsyncDisposable
{
    private readonly UsageInbox inbox;
    private readonly UsageBacklog backlog;
    private readonly TimeProvider time;
    private readonly TimeSpan drainTimeout;
    private readonly Channel<QueuedRecord> queue;
    private readonly CancellationTokenSource abandon = new();
    private readonly Task loop;

    private InProcessUsageQueue(UsageInbox inbox, UsageWriter writer, TimeProvider time, int capacity, TimeSpan drainTimeout)
    {
        this.inbox = inbox;
        this.time = time;
        this.drainTimeout = drainTimeout;
        backlog = new UsageBacklog(inbox, writer, time);
        queue = Channel.CreateBounded<QueuedRecord>(new BoundedChannelOptions(capacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last try failed; null: it succeeded. For health reports.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>Why the last try at counting failed; null: it succeeded. For health reports.</summary>
    public Exception? LastCountingError => backlog.LastError;

    /// <summary>Starts the queue, and counts what an earlier process had accepted and not counted.</summary>
    /// <param name="store">The process's store: inbox, records and roll-ups.</param>
    /// <param name="time">Clock of the waits.</param>
    /// <param name="capacity">Records that may wait for acceptance; further callers wait for room.</param>
    /// <param name="drainTimeout">Longest that <see cref="DisposeAsync"/> goes on trying; default 30 seconds.</param>
    /// <exception cref="StorageUnavailableException">The inbox cannot be read.</exception>
    public static async Task<InProcessUsageQueue> StartAsync(ITableStore store, TimeProvider time, int capacity = 4096, TimeSpan? drainTimeout = null)
    {
        var kept = new UsageInbox(store);
        var left = await kept.ReadAllAsync();
        var started = new InProcessUsageQueue(kept, new UsageWriter(store), time, capacity, drainTimeout ?? TimeSpan.FromSeconds(30));
        foreach (var record in left)
        {
            started.backlog.Announce(record.Id);
            await started.backlog.AddAsync(record, CancellationToken.None);
        }
        return started;
    }

    /// <summary>From now on <see cref="WaitForAsync"/> waits for the record with this id, which must be enqueued soon.</summary>
    public void Announce(string id) => backlog.Announce(id);

    /// <summary>
    /// Completes when the record is durable. Cancellation ends the wait only: once queued, the record is kept all the same. Throws <see cref="StorageUnavailableException"/> when the
    /// queue is closed, or was closed before the store took the record.
    /// </summary>
    public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        if (!GenerationId.TryParse(record.Id, out _, out _)) throw new ArgumentException("Id is not a generation id of this router.", nameof(record));
        var queued = new QueuedRecord(record);
        // Before it is queued, so that whoever hears of the id meanwhile waits for it.
        backlog.Announce(record.Id);
        try
        {
            await queue.Writer.WriteAsync(queued, cancellationToken);
        }
        catch (Exception error)
        {
            backlog.Withdraw(record.Id);
            if (error is ChannelClosedException) throw new StorageUnavailableException("The usage queue is closed.", error);
            throw;
        }
        await queued.Accepted.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when no record with this id is on its way: it is counted and can be read, or never came. Hurries it.</summary>
    public ValueTask WaitForAsync(string id, CancellationToken cancellationToken = default) => backlog.WaitForAsync(id, cancellationToken);

    /// <summary>Completes when every record enqueued so far is counted. Hurries them.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => backlog.FlushAsync(cancellationToken);

    /// <summary>Takes no more records, accepts and counts those that it has. What the store does not take within the drain timeout fails for its sender.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        try
        {
            await loop.WaitAsync(drainTimeout, time);
            await backlog.CloseAsync(drainTimeout);
        }
        catch (TimeoutException)
        {
            await abandon.CancelAsync();
            await loop;
        }
        await backlog.DisposeAsync();
        abandon.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<QueuedRecord>(TableLimits.MaxChanges);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < TableLimits.MaxChanges && queue.Reader.TryRead(out var queued)) batch.Add(queued);
            var failure = await AcceptUntilDoneAsync(batch);
            foreach (var queued in batch)
            {
                if (failure is null)
                {
                    queued.Accepted.TrySetResult();
                    // Given up at shutdown, the record is in the inbox and is counted after the next start.
                    await backlog.AddAsync(queued.Record, abandon.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }
                backlog.Withdraw(queued.Record.Id);
                queued.Accepted.TrySetException(failure);
            }
            batch.Clear();
        }
    }

    /// <summary>Null: accepted. Otherwise the queue was closed and the time to drain is over.</summary>
    private async Task<StorageUnavailableException?> AcceptUntilDoneAsync(List<QueuedRecord> batch)
    {
        var records = batch.ConvertAll(static queued => queued.Record).DistinctBy(static record => record.Id).ToArray();
        for (var backoff = new Backoff(); ; backoff = backoff.Next())
        {
            try
            {
                abandon.Token.ThrowIfCancellationRequested();
                await inbox.AddAsync(records, abandon.Token);
                LastError = null;
                return null;
            }
            catch (Exception error)
            {
                // Whatever went wrong, dropping records is worse than standing still: callers wait, and the error is there to be seen.
                if (abandon.IsCancellationRequested) return new StorageUnavailableException("The usage queue was closed while the store could not be used.", LastError ?? error);
                LastError = error;
            }
            await Task.Delay(backoff.Delay, time, abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class QueuedRecord(GenerationRecord record)
    {
        public GenerationRecord Record => record;

        public TaskCompletionSource Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
