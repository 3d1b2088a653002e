using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Writes accepted records with their roll-ups, in batches: when there are 2,000, after one second, or at once when a reader waits. A batch is cheap
/// because it writes each roll-up once. What is not counted when the process ends is still in the inbox, and is counted after the next start.
/// Thread-safe.
/// </summary>
internal sealed class UsageBacklog : IAsyncDisposable
{
    private const int MaxBatch = 2000;
    private const int Capacity = 4096;
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);
    private readonly IUsageInbox inbox;
    private readonly UsageWriter writer;
    private readonly TimeProvider time;
    private readonly Channel<GenerationRecord> accepted = Channel.CreateBounded<GenerationRecord>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<string, PendingRecord> pending = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource abandon = new();
    private readonly Task loop;
    private volatile bool closing;
    private int waiters;
    private TaskCompletionSource hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts it.</summary>
    /// <param name="inbox">Where the records are until they are counted.</param>
    /// <param name="writer">Counts them.</param>
    /// <param name="time">Clock of the waits.</param>
    /// <param name="left">What an earlier process left in the inbox. Counted first, and in no one's way: there may be far more than are held here.</param>
    public UsageBacklog(IUsageInbox inbox, UsageWriter writer, TimeProvider time, IReadOnlyList<GenerationRecord> left)
    {
        this.inbox = inbox;
        this.writer = writer;
        this.time = time;
        foreach (var record in left) Queued(record.Id, record.KeyHash);
        loop = Task.Run(() => RunAsync(left));
    }

    /// <summary>Why the last try failed; null: it succeeded.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>Ids of the records that are queued now and not counted yet.</summary>
    public IReadOnlyList<string> QueuedIds()
    {
        List<string>? ids = null;
        foreach (var (id, record) in pending)
            if (record.IsQueued) (ids ??= []).Add(id);
        return ids ?? [];
    }

    /// <summary>Ids of the records of a key that are announced now and not queued yet.</summary>
    public IReadOnlyList<string> AnnouncedIdsOf(string keyHash)
    {
        List<string>? ids = null;
        foreach (var (id, record) in pending)
            if (!record.IsQueued && record.KeyHash == keyHash) (ids ??= []).Add(id);
        return ids ?? [];
    }

    /// <summary>From now on a reader of the id, or of the usage of its key, waits until it is counted.</summary>
    public void Announce(string id, string keyHash) => pending.TryAdd(id, new PendingRecord(keyHash, IsQueued: false, Waited: null));

    /// <summary>The record is queued: a reader of any usage waits until it is counted.</summary>
    public void Queued(string id, string keyHash) =>
        pending.AddOrUpdate(id, static (_, key) => new PendingRecord(key, IsQueued: true, Waited: null),
            static (_, known, _) => known with { IsQueued = true }, keyHash);

    /// <summary>The announced record is counted, or will not be enqueued.</summary>
    public void Withdraw(string id)
    {
        if (!pending.TryRemove(id, out var removed) || removed.Waited is not { } waited) return;
        Interlocked.Add(ref waiters, -waited.Close());
        waited.TrySetResult();
    }

    /// <summary>Adds a record that is in the inbox. Waits while too many are in progress.</summary>
    public ValueTask AddAsync(GenerationRecord record, CancellationToken cancellationToken)
    {
        if (!accepted.Writer.TryWrite(record)) return accepted.Writer.WriteAsync(record, cancellationToken);
        if (accepted.Reader.Count >= MaxBatch) Volatile.Read(ref hurry).TrySetResult();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a record with this id is queued.</summary>
    public bool Has(string id) => pending.ContainsKey(id);

    /// <summary>Completes when no record with this id is queued.</summary>
    public async ValueTask WaitForAsync(string id, CancellationToken cancellationToken)
    {
        PendingRecord? found;
        while (pending.TryGetValue(id, out found) && found.Waited is null)
        {
            pending.TryUpdate(id, found with { Waited = new WaitForRecord() }, found);
        }
        if (found?.Waited is not { } waited || !waited.TryEnter(ref waiters)) return;
        Volatile.Read(ref hurry).TrySetResult();
        try
        {
            await waited.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // From now on records are gathered again.
            waited.Leave(ref waiters);
            throw;
        }
    }

    /// <summary>
    /// Completes when every record that is queued is counted, and every announced one of the key. It does not wait for announced records of other
    /// keys, because their callers decide how fast they read their answers.
    /// </summary>
    /// <param name="keyHash">Hash of the key; null: none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask FlushAsync(string? keyHash, CancellationToken cancellationToken)
    {
        var (queued, announced) = (QueuedIds(), keyHash is null ? [] : AnnouncedIdsOf(keyHash));
        foreach (var id in queued) await WaitForAsync(id, cancellationToken);
        foreach (var id in announced) await WaitForAsync(id, cancellationToken);
    }

    /// <summary>Counts what it has, for at most <paramref name="limit"/>; the rest stays in the inbox.</summary>
    public async ValueTask CloseAsync(TimeSpan limit)
    {
        closing = true;
        accepted.Writer.TryComplete();
        Volatile.Read(ref hurry).TrySetResult();
        try
        {
            await loop.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            await abandon.CancelAsync();
            await loop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(TimeSpan.Zero);
        abandon.Dispose();
    }

    private async Task RunAsync(IReadOnlyList<GenerationRecord> left)
    {
        var batch = new List<GenerationRecord>(MaxBatch);
        for (var counted = 0; counted < left.Count; counted += batch.Count)
        {
            batch.Clear();
            while (batch.Count < MaxBatch && counted + batch.Count < left.Count) batch.Add(left[counted + batch.Count]);
            if (!await CountUntilDoneAsync(batch)) return;
            foreach (var record in batch) Withdraw(record.Id);
        }
        // Not held for as long as the process lives.
        left = [];
        batch.Clear();
        while (await accepted.Reader.WaitToReadAsync())
        {
            // Before the conditions are read: a later change of one of them ends this wait.
            var hurried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref hurry, hurried);
            if (accepted.Reader.Count < MaxBatch && Volatile.Read(ref waiters) <= 0 && !closing) await GatherAsync(hurried.Task);
            while (batch.Count < MaxBatch && accepted.Reader.TryRead(out var record)) batch.Add(record);
            if (!await CountUntilDoneAsync(batch)) return;
            foreach (var record in batch) Withdraw(record.Id);
            batch.Clear();
        }
    }

    private async Task GatherAsync(Task hurried)
    {
        using var gathered = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token);
        await Task.WhenAny(hurried, Task.Delay(Gather, time, gathered.Token));
        await gathered.CancelAsync();
    }

    /// <summary>False: the time limit ended.</summary>
    private async Task<bool> CountUntilDoneAsync(List<GenerationRecord> batch)
    {
        for (var backoff = new Backoff(); ; backoff = backoff.Next())
        {
            try
            {
                abandon.Token.ThrowIfCancellationRequested();
                await writer.WriteAsync(batch, abandon.Token);
                await inbox.RemoveAsync(batch.Count);
                LastError = null;
                return true;
            }
            catch (Exception error)
            {
                if (abandon.IsCancellationRequested) return false;
                LastError = error;
            }
            await Task.Delay(backoff.Delay, time, abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="KeyHash">Hash of its key.</param>
    /// <param name="IsQueued">Whether the record is queued; false: it is announced.</param>
    /// <param name="Waited">Set when a reader waits for it.</param>
    private sealed record PendingRecord(string KeyHash, bool IsQueued, WaitForRecord? Waited);

    /// <summary>The readers that wait for one record. While there is any, of whatever record, nothing is gathered.</summary>
    private sealed class WaitForRecord() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private readonly Lock gate = new();
        private int readers;
        private bool isOver;

        /// <summary>A reader waits; false: the wait is over.</summary>
        public bool TryEnter(ref int waiters)
        {
            lock (gate)
            {
                if (isOver) return false;
                readers++;
                Interlocked.Increment(ref waiters);
                return true;
            }
        }

        /// <summary>A reader gives up.</summary>
        public void Leave(ref int waiters)
        {
            lock (gate)
            {
                if (isOver) return;
                readers--;
                Interlocked.Decrement(ref waiters);
            }
        }

        /// <summary>The wait is over; returns how many waited.</summary>
        public int Close()
        {
            lock (gate)
            {
                isOver = true;
                return readers;
            }
        }
    }
}
