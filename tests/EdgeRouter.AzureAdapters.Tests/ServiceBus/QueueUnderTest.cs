using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.ServiceBus.InMemory;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

/// <summary>
/// A broker and a folder for journals; usage queues on them are made and restarted at will. Closes them at the end, on their clock: a test that failed
/// may have left the broker away or silent.
/// </summary>
internal sealed class QueueUnderTest : IAsyncDisposable
{
    private readonly List<ServiceBusUsageQueue> started = [];
    private readonly TemporaryFolder folder = new();

    public QueueUnderTest(QueueOptions? options = null)
    {
        Broker = new Broker(Time, options);
    }

    public VirtualTimeProvider Time { get; } = new();

    public Broker Broker { get; }

    public EmulatedQueue Queue => Broker.Queue("usage");

    public string JournalFolder => folder.Path;

    public List<string> Told { get; } = [];

    public ServiceBusUsageQueue Start(Func<ServiceBusUsageQueueOptions, ServiceBusUsageQueueOptions>? change = null)
    {
        var options = new ServiceBusUsageQueueOptions
        {
            JournalFolder = JournalFolder,
            OnAway = cause => Tell("away: " + cause.GetType().Name),
            OnBack = () => Tell("back")
        };
        var queue = ServiceBusUsageQueue.Start(Broker.Client, "usage", change?.Invoke(options) ?? options, Time, new Random(1));
        started.Add(queue);
        return queue;
    }

    /// <summary>What lies in the queue, in its order: ids and records.</summary>
    public async Task<IReadOnlyList<(string MessageId, IReadOnlyList<GenerationRecord> Records)>> MessagesAsync()
    {
        await using var client = Broker.Client;
        var messages = await client.CreateReceiver("usage").PeekMessagesAsync(100_000);
        return [.. messages.Select(message => UsageMessage.TryDecode(message.Body.ToMemory().Span, out var records, out var reason)
            ? (message.MessageId, records) : throw new InvalidOperationException(reason))];
    }

    public async Task<string[]> RecordIdsAsync() => [.. (await MessagesAsync()).SelectMany(message => message.Records).Select(record => record.Id)];

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in started) await Time.TickAsync(queue.DisposeAsync().AsTask(), 100, what: "the queue to close");
        folder.Dispose();
    }

    private void Tell(string what)
    {
        lock (Told) Told.Add(what);
    }
}
