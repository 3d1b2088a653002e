using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// The usage queue on Service Bus. One message is in progress at a time: a record is sent at once, or shares the next message with those that come while
/// one is in progress. While Service Bus is away, messages go to a journal on the machine's disk, count as accepted there, and are sent in their order
/// when it is back, or written without it when that takes long. A message may be sent more than once, always with the same id. Thread-safe.
/// </summary>
public sealed class ServiceBusUsageQueue : IUsageQueue, IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <summary>Time beside a send's own for the journal to take a message.</summary>
    private static readonly TimeSpan JournalPatience = TimeSpan.FromSeconds(5);

    /// <summary>What Service Bus has, when the queue is closed, to take what the journal could also hand over.</summary>
    private static readonly TimeSpan LastSends = TimeSpan.FromSeconds(1);

    private readonly ServiceBusUsageQueueOptions options;
    private readonly TimeProvider time;
    private readonly Channel<PendingRecord> queue;
    private readonly UsageSender sender;
    private readonly UsageJournal journal;
    private readonly LinkState link;
    private readonly JournalDrain drain;
    private readonly UsageAcceptance acceptance;
    private readonly CancellationTokenSource abandon = new();
    private readonly CancellationTokenSource sends;
    private Task packing = Task.CompletedTask;
    private Task draining = Task.CompletedTask;

    private ServiceBusUsageQueue(ServiceBusSender sender, UsageJournal journal, ServiceBusUsageQueueOptions options, TimeProvider time, Random random)
    {
        this.options = options;
        this.time = time;
        this.journal = journal;
        queue = Channel.CreateBounded<PendingRecord>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        this.sender = new UsageSender(sender, options.SendTimeout, time);
        link = new LinkState(options, time);
        acceptance = new UsageAcceptance(time, options.SendTimeout + JournalPatience);
        var handOver = options.WriteUnsent is { } write ? new JournalHandOver(journal, write, options.OnUnwritable, time) : null;
        drain = new JournalDrain(journal, this.sender, link, handOver, options.HandOverAfter, time, random);
        sends = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token);
    }

    /// <summary>Opens the journal and starts to send what an earlier process left in it. Service Bus is not waited for.</summary>
    /// <param name="client">See <see cref="ServiceBusConnection"/>; the caller disposes it after the queue.</param>
    /// <param name="queueName">Name of the queue, which should detect duplicates.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Clock of every wait.</param>
    /// <param name="random">Spreads the tries of several instances; thread-safe.</param>
    /// <exception cref="StorageUnavailableException">The journal's folder cannot be written.</exception>
    public static ServiceBusUsageQueue Start(ServiceBusClient client, string queueName, ServiceBusUsageQueueOptions options, TimeProvider time,
        Random random)
    {
        var started = new ServiceBusUsageQueue(client.CreateSender(queueName), UsageJournal.Open(options), options, time, random);
        started.packing = Task.Run(started.PackAsync);
        started.draining = Task.Run(() => started.drain.RunAsync(started.sends.Token, started.abandon.Token));
        return started;
    }

    /// <summary>It has a fault while neither Service Bus nor the journal takes records: while the journal does, nothing is at risk.</summary>
    public UsageQueueState State => new(acceptance.Fault, queue.Reader.Count >= options.Capacity);

    /// <summary>Why the last try to send failed; null: it succeeded.</summary>
    public Exception? LastError => link.LastError;

    /// <summary>Records in the journal, which Service Bus has not taken yet.</summary>
    public int Backlog => journal.Records;

    /// <summary>
    /// Opens the connection to Service Bus, so that the first record need not wait for it. Throws what the client throws; nothing depends on it.
    /// </summary>
    public Task OpenAsync(CancellationToken cancellationToken = default) => sender.OpenAsync(cancellationToken);

    /// <summary>
    /// Completes when Service Bus has accepted the record, or the journal while it is away. Cancellation ends the wait only: once queued, the record
    /// is delivered all the same.
    /// Throws <see cref="StorageUnavailableException"/> when the queue is closed, or was closed before either took the record.
    /// </summary>
    public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        var pending = new PendingRecord(UsageMessage.EncodeRecord(record));
        try
        {
            await queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException error)
        {
            throw new StorageUnavailableException("The usage queue is closed.", error);
        }
        await pending.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Takes no more records, delivers those that it has, and tries to empty the journal: by <see cref="ServiceBusUsageQueueOptions.WriteUnsent"/>,
    /// unless Service Bus takes all within a second; without that into Service Bus once more. All within the drain timeout.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!queue.Writer.TryComplete()) return;
        try
        {
            await using var limit = CancelAfter(abandon, options.DrainTimeout);
            await using var lastSends = CancelAfter(sends, TimeForLastSends());
            drain.Close();
            await packing;
            drain.Complete();
            await draining;
        }
        finally
        {
            await journal.DisposeAsync();
            await sender.DisposeAsync();
            drain.Dispose();
            sends.Dispose();
            abandon.Dispose();
        }
    }

    private TimeSpan TimeForLastSends() => options.WriteUnsent is null ? options.DrainTimeout : link.LastError is null ? LastSends : TimeSpan.Zero;

    private ITimer CancelAfter(CancellationTokenSource source, TimeSpan after)
    {
        if (after == TimeSpan.Zero) source.Cancel();
        return time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), source, after, Timeout.InfiniteTimeSpan);
    }

    private async Task PackAsync()
    {
        var packer = new UsagePacker(queue.Reader);
        var records = new List<PendingRecord>(UsageMessage.MaxRecords);
        while (await packer.FillAsync(records))
        {
            var failure = await TryDeliverAsync(records);
            foreach (var record in records)
            {
                if (failure is null) record.TrySetResult();
                else record.TrySetException(failure);
            }
            records.Clear();
        }
    }

    /// <summary>Null: delivered. Any other fault is passed to those who wait, and the records after them are still packed.</summary>
    private async Task<Exception?> TryDeliverAsync(List<PendingRecord> records)
    {
        try
        {
            return await DeliverAsync(PackedMessage.Of(records.ConvertAll(static record => record.Json)));
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>Null: delivered. Otherwise the queue was closed and the time to drain is over.</summary>
    private async Task<StorageUnavailableException?> DeliverAsync(PackedMessage message)
    {
        var isRefused = false;
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            acceptance.Begin();
            // While Service Bus is away only the drain tries it: callers do not wait for that.
            if ((link.LastError is null || isRefused) && await TrySendAsync(message))
            {
                acceptance.Succeed();
                return null;
            }
            try
            {
                await journal.AppendAsync(message);
                acceptance.Succeed();
                drain.Wake();
                return null;
            }
            catch (Exception error)
            {
                // Neither takes it, for whatever reason: callers wait, rather than that a record is dropped.
                isRefused = true;
                acceptance.Fail(error);
                link.Failed(error);
                if (abandon.IsCancellationRequested)
                    return error as StorageUnavailableException ?? new StorageUnavailableException("The journal of unsent usage cannot be written.", error);
            }
            await Task.Delay(delay, time, abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>False: it must go to the journal; behind what is there already, so that the order stays.</summary>
    private async Task<bool> TrySendAsync(PackedMessage message)
    {
        if (!journal.IsEmpty) return false;
        try
        {
            await sender.SendAsync([message], sends.Token);
            link.Succeeded();
            return true;
        }
        catch (Exception error)
        {
            // Whatever it was: the journal takes the message, and the drain tries again.
            link.Failed(error);
            return false;
        }
    }
}
