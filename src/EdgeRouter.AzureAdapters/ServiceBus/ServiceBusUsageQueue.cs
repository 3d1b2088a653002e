using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>
/// The usage queue on Service Bus. One message is under way at a time: a record is sent at once, or shares the next message with those that come while
/// one is under way. While Service Bus is away, messages go to a journal on the machine's disk, count as accepted there, and are sent in their order
/// when it is back, or written without it when that takes long. A message may be sent more than once, always with the same id. Thread-safe.
/// </summary>
public sealed class ServiceBusUsageQueue : IUsageQueue, IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <summary>What Service Bus has, when the queue is closed, to take what the journal could also hand over.</summary>
    private static readonly TimeSpan LastSends = TimeSpan.FromSeconds(1);

    private readonly ServiceBusUsageQueueOptions options;
    private readonly TimeProvider time;
    private readonly Channel<PendingRecord> queue;
    private readonly UsageSender sender;
    private readonly UsageJournal journal;
    private readonly LinkState link;
    private readonly JournalDrain drain;
    private readonly CancellationTokenSource abandon = new();
    private readonly CancellationTokenSource sends;
    private readonly Task packing;
    private readonly Task draining;

    /// <summary>Opens the journal and starts to send what an earlier process left in it. Service Bus is not waited for.</summary>
    /// <param name="client">See <see cref="ServiceBusConnection"/>; the caller disposes it after the queue.</param>
    /// <param name="queueName">Name of the queue, which should detect duplicates.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Clock of every wait.</param>
    /// <param name="random">Spreads the tries of several instances; thread-safe.</param>
    /// <exception cref="StorageUnavailableException">The journal's folder cannot be written.</exception>
    public ServiceBusUsageQueue(ServiceBusClient client, string queueName, ServiceBusUsageQueueOptions options, TimeProvider time, Random random)
    {
        this.options = options;
        this.time = time;
        journal = UsageJournal.Open(options.JournalFolder, options.MaxJournalBytes);
        queue = Channel.CreateBounded<PendingRecord>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        sender = new UsageSender(client.CreateSender(queueName), options.SendTimeout, time);
        link = new LinkState(options, time);
        var handOver = options.WriteUnsent is { } write ? new JournalHandOver(journal, write, options.OnUnwritable) : null;
        drain = new JournalDrain(journal, sender, link, handOver, options.HandOverAfter, time, random);
        sends = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token);
        packing = Task.Run(PackAsync);
        draining = Task.Run(() => drain.RunAsync(sends.Token, abandon.Token));
    }

    /// <summary>Why the last try to send failed; null: it succeeded. For health reports.</summary>
    public Exception? LastError => link.LastError;

    /// <summary>Records in the journal, which Service Bus has not taken yet.</summary>
    public int Backlog => journal.Records;

    /// <summary>Why folders of journals could not be used: what is in them is damaged, and was left as it is. A line each; for the log.</summary>
    public IReadOnlyList<string> RefusedJournals => journal.Refused;

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
        await using (CancelAfter(abandon, options.DrainTimeout))
        await using (CancelAfter(sends, TimeForLastSends()))
        {
            drain.Close();
            await packing;
            drain.Complete();
            await draining;
        }
        await journal.DisposeAsync();
        await sender.DisposeAsync();
        drain.Dispose();
        sends.Dispose();
        abandon.Dispose();
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
            var failure = await DeliverAsync(PackedMessage.Of(records.ConvertAll(static record => record.Json)));
            foreach (var record in records)
            {
                if (failure is null) record.TrySetResult();
                else record.TrySetException(failure);
            }
            records.Clear();
        }
    }

    /// <summary>Null: delivered. Otherwise the queue was closed and the time to drain is over.</summary>
    private async Task<StorageUnavailableException?> DeliverAsync(PackedMessage message)
    {
        var isRefused = false;
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            // While Service Bus is away only the drain tries it: callers do not wait for that.
            if ((link.LastError is null || isRefused) && await TrySendAsync(message)) return null;
            try
            {
                await journal.AppendAsync(message);
                drain.Wake();
                return null;
            }
            catch (StorageUnavailableException error)
            {
                // Neither takes it: callers wait, rather than that a record is dropped.
                isRefused = true;
                link.Failed(error);
                if (abandon.IsCancellationRequested) return error;
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
