using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// The usage queue inside the process: one loop takes whatever waits, up to 200 records, and writes it. A record counts as accepted only when the writer has made it durable,
/// because this queue dies with the process: an earlier answer would be lost by <c>kill -9</c>. While the store cannot be used the loop tries again, ever more slowly, and callers wait.
/// Thread-safe.
/// </summary>
public sealed class InProcessUsageQueue : IUsageQueue, IAsyncDisposable
{
    private const int MaxBatch = 200;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly UsageWriter writer;
    private readonly TimeProvider time;
    private readonly TimeSpan drainTimeout;
    private readonly Channel<QueuedRecord> queue;
    private readonly ConcurrentDictionary<string, QueuedRecord> pending = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource abandon = new();
    private readonly Task loop;

    /// <summary>Starts the loop.</summary>
    /// <param name="writer">Where records go.</param>
    /// <param name="time">Clock of the waits between tries.</param>
    /// <param name="capacity">Records that may wait; further callers wait for room.</param>
    /// <param name="drainTimeout">Longest that <see cref="DisposeAsync"/> goes on trying; default 30 seconds.</param>
    public InProcessUsageQueue(UsageWriter writer, TimeProvider time, int capacity = 4096, TimeSpan? drainTimeout = null)
    {
        this.writer = writer;
        this.time = time;
        this.drainTimeout = drainTimeout ?? TimeSpan.FromSeconds(30);
        queue = Channel.CreateBounded<QueuedRecord>(new BoundedChannelOptions(capacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last try failed; null: it succeeded. For health reports.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>From now on <see cref="WaitForAsync"/> waits for the record with this id, which must be enqueued soon.</summary>
    public void Announce(string id) => pending.TryAdd(id, new QueuedRecord());

    /// <summary>
    /// Completes when the record is durable and counted. Cancellation ends the wait only: once queued, the record is written all the same. Throws
    /// <see cref="StorageUnavailableException"/> when the queue is closed, or was closed before the store took the record.
    /// </summary>
    public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        if (!pending.TryGetValue(record.Id, out var queued) || !queued.TrySet(record))
        {
            queued = new QueuedRecord();
            queued.TrySet(record);
            // Before it is queued, so that whoever hears of the id meanwhile waits for it.
            pending.TryAdd(record.Id, queued);
        }
        try
        {
            await queue.Writer.WriteAsync(queued, cancellationToken);
        }
        catch (Exception error)
        {
            Forget(queued);
            queued.Written.TrySetResult();
            if (error is ChannelClosedException) throw new StorageUnavailableException("The usage queue is closed.", error);
            throw;
        }
        await queued.Written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when no record with this id is on its way: at once when none is.</summary>
    public async ValueTask WaitForAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!pending.TryGetValue(id, out var queued)) return;
        // A record that was given up at shutdown has an error, which is its sender's to handle.
        await queued.Written.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Takes no more records and writes those that it has. What the store does not take within the drain timeout fails for its sender.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        try
        {
            await loop.WaitAsync(drainTimeout, time);
        }
        catch (TimeoutException)
        {
            await abandon.CancelAsync();
            await loop;
        }
        abandon.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<QueuedRecord>(MaxBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var queued)) batch.Add(queued);
            var failure = await WriteUntilDoneAsync(batch);
            foreach (var queued in batch)
            {
                Forget(queued);
                if (failure is null) queued.Written.TrySetResult();
                else queued.Written.TrySetException(failure);
            }
            batch.Clear();
        }
    }

    /// <summary>Null: written. Otherwise the queue was closed and the time to drain is over.</summary>
    private async Task<StorageUnavailableException?> WriteUntilDoneAsync(List<QueuedRecord> batch)
    {
        var records = batch.ConvertAll(static queued => queued.Record);
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                abandon.Token.ThrowIfCancellationRequested();
                await writer.WriteAsync(records, abandon.Token);
                LastError = null;
                return null;
            }
            catch (Exception error)
            {
                // Whatever went wrong, dropping records is worse than standing still: callers wait, and the error is there to be seen.
                if (abandon.IsCancellationRequested) return new StorageUnavailableException("The usage queue was closed while the store could not be used.", LastError ?? error);
                LastError = error;
            }
            await Task.Delay(delay, time, abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Forget(QueuedRecord queued) => pending.TryRemove(new KeyValuePair<string, QueuedRecord>(queued.Record.Id, queued));

    private sealed class QueuedRecord
    {
        private GenerationRecord? record;

        public GenerationRecord Record => record ?? throw new InvalidOperationException("Only announced.");

        /// <summary>False: it is another delivery of a record that is already on its way.</summary>
        public bool TrySet(GenerationRecord value) => Interlocked.CompareExchange(ref record, value, null) is null;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
