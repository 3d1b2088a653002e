using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// Counts accepted records in batches: at 200, after 250 ms, or at once when somebody waits. Counting many together is what makes it cheap: a batch writes each roll-up once. What is not
/// counted when the process ends is still in the inbox, and is counted after the next start. Thread-safe.
/// </summary>
internal sealed class UsageBacklog : IAsyncDisposable
{
    private const int MaxBatch = 200;
    private const int Capacity = 4096;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    private readonly UsageInbox inbox;
    private readonly UsageWriter writer;
    private readonly TimeProvider time;
    private readonly Channel<GenerationRecord> accepted = Channel.CreateBounded<GenerationRecord>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource> pending = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource abandon = new();
    private readonly Task loop;
    private volatile bool closing;
    private volatile TaskCompletionSource urgency = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UsageBacklog(UsageInbox inbox, UsageWriter writer, TimeProvider time)
    {
        this.inbox = inbox;
        this.writer = writer;
        this.time = time;
        loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last try failed; null: it succeeded.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>From now on whoever asks for the id waits until it is counted.</summary>
    public void Announce(string id) => pending.TryAdd(id, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>The announced record will not come.</summary>
    public void Withdraw(string id)
    {
        if (pending.TryRemove(id, out var waited)) waited.TrySetResult();
    }

    /// <summary>Hands over a record that is in the inbox. Waits while too many are under way.</summary>
    public async ValueTask AddAsync(GenerationRecord record, CancellationToken cancellationToken)
    {
        await accepted.Writer.WriteAsync(record, cancellationToken);
        if (accepted.Reader.Count >= MaxBatch) urgency.TrySetResult();
    }

    /// <summary>Completes when no record with this id is on its way.</summary>
    public async ValueTask WaitForAsync(string id, CancellationToken cancellationToken)
    {
        if (!pending.TryGetValue(id, out var waited)) return;
        urgency.TrySetResult();
        await waited.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when every record announced so far is counted.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var id in pending.Keys) await WaitForAsync(id, cancellationToken);
    }

    /// <summary>Counts what it has, for at most <paramref name="limit"/>; the rest stays in the inbox.</summary>
    public async ValueTask CloseAsync(TimeSpan limit)
    {
        closing = true;
        accepted.Writer.TryComplete();
        urgency.TrySetResult();
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

    private async Task RunAsync()
    {
        var batch = new List<GenerationRecord>(MaxBatch);
        while (await accepted.Reader.WaitToReadAsync())
        {
            // Taken before the records: whoever becomes urgent from here on is urgent about this batch or the next.
            var urgent = urgency;
            if (accepted.Reader.Count < MaxBatch && !closing) await GatherAsync(urgent);
            if (urgent.Task.IsCompleted) urgency = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            while (batch.Count < MaxBatch && accepted.Reader.TryRead(out var record)) batch.Add(record);
            if (!await CountUntilDoneAsync(batch)) return;
            foreach (var record in batch) Withdraw(record.Id);
            batch.Clear();
            // Waiters whose record was left over by a full batch, or who came between: none of them may sit out the gathering.
            if (!pending.IsEmpty && urgent.Task.IsCompleted) urgency.TrySetResult();
        }
    }

    private async Task GatherAsync(TaskCompletionSource urgent)
    {
        using var gathered = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token);
        await Task.WhenAny(urgent.Task, Task.Delay(Gather, time, gathered.Token));
        await gathered.CancelAsync();
    }

    /// <summary>False: told to give up.</summary>
    private async Task<bool> CountUntilDoneAsync(List<GenerationRecord> batch)
    {
        for (var backoff = new Backoff(); ; backoff = backoff.Next())
        {
            try
            {
                abandon.Token.ThrowIfCancellationRequested();
                await writer.WriteAsync(batch, abandon.Token);
                await inbox.RemoveAsync(batch, abandon.Token);
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
}
