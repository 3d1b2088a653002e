using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// The usage queue inside the process. A record counts as accepted when it is in the inbox, because the queue itself is lost when the process
/// crashes. It is counted (written with its roll-ups) soon after, in batches. While the inbox cannot be written, the queue retries with growing
/// pauses, and callers wait. Thread-safe.
/// </summary>
public sealed class InProcessUsageQueue : IUsageQueue, IAsyncDisposable
{
    private const int MaxBatch = 100;

    /// <summary>How long the inbox may take before it counts as unable: SQLite itself waits longer for a file that another process has locked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IUsageInbox inbox;
    private readonly UsageBacklog backlog;
    private readonly TimeProvider time;
    private readonly TimeSpan drainTimeout;
    private readonly int capacity;
    private readonly Channel<QueuedRecord> queue;
    private readonly UsageAcceptance acceptance;
    private readonly CancellationTokenSource abandon = new();
    private Task accepting = Task.CompletedTask;

    private InProcessUsageQueue(IUsageInbox inbox, UsageWriter writer, TimeProvider time, int capacity, TimeSpan drainTimeout)
    {
        this.inbox = inbox;
        this.time = time;
        this.drainTimeout = drainTimeout;
        this.capacity = capacity;
        acceptance = new UsageAcceptance(time, Patience);
        backlog = new UsageBacklog(inbox, writer, time, inbox.TakePending());
        queue = Channel.CreateBounded<QueuedRecord>(new BoundedChannelOptions(capacity) { SingleReader = true });
    }

    /// <summary>It has a fault while the inbox does not take records, or the store does not count them.</summary>
    public UsageQueueState State => new(acceptance.Fault ?? backlog.LastError, queue.Reader.Count >= capacity);

    /// <summary>Starts the queue, and counts what an earlier process had accepted and not counted.</summary>
    /// <param name="store">Where the records and roll-ups go.</param>
    /// <param name="inbox">Where records are kept until they are counted. One queue per inbox; the caller closes it after the queue.</param>
    /// <param name="time">Clock of the waits.</param>
    /// <param name="capacity">Records that may wait for acceptance; further callers wait for room.</param>
    /// <param name="drainTimeout">Longest time that <see cref="DisposeAsync"/> retries; default 30 seconds.</param>
    public static InProcessUsageQueue Start(ITableStore store, IUsageInbox inbox, TimeProvider time, int capacity = 4096,
        TimeSpan? drainTimeout = null)
    {
        var started = new InProcessUsageQueue(inbox, new UsageWriter(store), time, capacity, drainTimeout ?? TimeSpan.FromSeconds(30));
        started.accepting = Task.Run(started.AcceptAsync);
        return started;
    }

    /// <summary>From now on <see cref="WaitForAsync"/> waits for the record with this id, which must be enqueued soon.</summary>
    public void Announce(string id, string keyHash) => backlog.Announce(id, keyHash);

    /// <inheritdoc/>
    public void Withdraw(string id) => backlog.Withdraw(id);

    /// <summary>
    /// Completes when the record is durable. Cancellation only ends the wait: once queued, the record is kept. Throws
    /// <see cref="StorageUnavailableException"/> when the queue is closed, or was closed before the inbox took the record.
    /// </summary>
    public ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        if (!GenerationId.TryParse(record.Id, out _, out _)) throw new ArgumentException("Id is not a generation id of this router.", nameof(record));
        var queued = new QueuedRecord(GenerationRecordBounds.Apply(record));
        // Before it is queued, so that a reader that already has the id waits for it.
        backlog.Queued(record.Id, record.KeyHash);
        return queue.Writer.TryWrite(queued) ? new ValueTask(queued.Task.WaitAsync(cancellationToken)) : WaitForRoomAsync(queued, cancellationToken);
    }

    /// <summary>
    /// Completes when no record with this id is queued: it is counted and can be read, or will not be enqueued. Starts the next batch at once.
    /// </summary>
    public ValueTask WaitForAsync(string id, CancellationToken cancellationToken = default) => backlog.WaitForAsync(id, cancellationToken);

    /// <summary>Completes when every record enqueued so far is counted. Starts the next batch at once.</summary>
    /// <param name="keyHash">A key whose announced records the call waits for, too; null: none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask FlushAsync(string? keyHash = null, CancellationToken cancellationToken = default) => backlog.FlushAsync(keyHash, cancellationToken);

    /// <summary>As <see cref="WaitForAsync"/>, for a caller who reads: for five seconds at most, and not while records cannot be counted.</summary>
    /// <exception cref="StorageUnavailableException">The record is queued and not counted yet.</exception>
    internal async ValueTask AwaitCountedAsync(string id, CancellationToken cancellationToken)
    {
        if (!backlog.Has(id)) return;
        ThrowIfFaulty();
        if (!await TryWaitForAsync([id], Patience, cancellationToken)) throw NotInTime();
    }

    /// <summary>
    /// Completes when every record that is queued at the call is counted, and, as far as that takes five seconds altogether, every announced one of the key:
    /// its caller decides how fast it reads its answer. Not while records cannot be counted.
    /// </summary>
    /// <exception cref="StorageUnavailableException">A record that was queued is not counted in time.</exception>
    internal async ValueTask AwaitAllCountedAsync(string? keyHash, CancellationToken cancellationToken)
    {
        var (queued, announced) = (backlog.QueuedIds(), keyHash is null ? [] : backlog.AnnouncedIdsOf(keyHash));
        if (queued.Count + announced.Count == 0) return;
        ThrowIfFaulty();
        var began = time.GetTimestamp();
        if (!await TryWaitForAsync(queued, Patience, cancellationToken)) throw NotInTime();
        var left = Patience - time.GetElapsedTime(began);
        if (left > TimeSpan.Zero) await TryWaitForAsync(announced, left, cancellationToken);
    }

    private static StorageUnavailableException NotInTime() => new("Usage records are not counted in time.");

    private void ThrowIfFaulty()
    {
        if (State.Fault is { } fault) throw new StorageUnavailableException("Usage records cannot be counted now.", fault);
    }

    /// <summary>False: not all of them were counted within the limit.</summary>
    private async ValueTask<bool> TryWaitForAsync(IReadOnlyList<string> ids, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            foreach (var id in ids) await backlog.WaitForAsync(id, giveUp.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Accepts no more records, and counts those that it has. A record that the store does not take within the drain timeout fails for its sender.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        try
        {
            await accepting.WaitAsync(drainTimeout, time);
            await backlog.CloseAsync(drainTimeout);
        }
        catch (TimeoutException)
        {
            await abandon.CancelAsync();
            await accepting;
        }
        await backlog.DisposeAsync();
        abandon.Dispose();
    }

    private async ValueTask WaitForRoomAsync(QueuedRecord queued, CancellationToken cancellationToken)
    {
        try
        {
            await queue.Writer.WriteAsync(queued, cancellationToken);
        }
        catch (Exception error)
        {
            backlog.Withdraw(queued.Record.Id);
            if (error is ChannelClosedException) throw new StorageUnavailableException("The usage queue is closed.", error);
            throw;
        }
        await queued.Task.WaitAsync(cancellationToken);
    }

    private async Task AcceptAsync()
    {
        var batch = new List<QueuedRecord>(MaxBatch);
        var records = new List<GenerationRecord>(MaxBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var queued)) batch.Add(queued);
            foreach (var queued in batch) records.Add(queued.Record);
            var failure = await AcceptUntilDoneAsync(records);
            foreach (var queued in batch)
            {
                if (failure is null) queued.TrySetResult();
                else queued.TrySetException(failure);
            }
            // Until these are handed over nothing more becomes durable: that is part of the next try.
            acceptance.Begin();
            foreach (var record in records)
            {
                if (failure is null) await HandOverAsync(record);
                else backlog.Withdraw(record.Id);
            }
            if (failure is null) acceptance.Succeed();
            batch.Clear();
            records.Clear();
        }
    }

    private async ValueTask HandOverAsync(GenerationRecord record)
    {
        try
        {
            await backlog.AddAsync(record, abandon.Token);
        }
        catch (OperationCanceledException)
        {
            // At shutdown the record stays in the inbox and is counted after the next start.
        }
    }

    /// <summary>Null: accepted. Otherwise the queue was closed and the time to drain is over.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StorageUnavailableException?> AcceptUntilDoneAsync(List<GenerationRecord> records)
    {
        for (var backoff = new Backoff(); ; backoff = backoff.Next())
        {
            try
            {
                abandon.Token.ThrowIfCancellationRequested();
                acceptance.Begin();
                await inbox.AddAsync(records);
                acceptance.Succeed();
                return null;
            }
            catch (Exception error)
            {
                // Records must not be dropped for any fault: callers wait, and health reports show the error.
                if (abandon.IsCancellationRequested)
                    return new StorageUnavailableException("The usage queue was closed while its inbox could not be written.", acceptance.Fault ?? error);
                acceptance.Fail(error);
            }
            await Task.Delay(backoff.Delay, time, abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class QueuedRecord(GenerationRecord record) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public GenerationRecord Record => record;
    }
}
