using Azure.Messaging.ServiceBus;
using EdgeRouter.AzureAdapters.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

/// <summary>
/// An emulated Service Bus and a folder for journals; usage queues on them are made and restarted at will. They have the client that the setting
/// gives: the real one, over AMQP. The router's and the bus's clock is virtual, the client's is not.
/// </summary>
internal sealed class QueueOnBus : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private readonly List<ServiceBusClient> clients = [];
    private readonly List<ServiceBusUsageQueue> started = [];

    public QueueOnBus()
    {
        Emulator = new ServiceBusEmulator(Time);
        Queue = Emulator.AddQueue("usage");
    }

    public VirtualTimeProvider Time { get; } = new();

    public ServiceBusEmulator Emulator { get; }

    public EmulatedQueue Queue { get; }

    public List<string> Told { get; } = [];

    public ServiceBusUsageQueue Start()
    {
        var queue = ServiceBusUsageQueue.Start(NewClient(), "usage", new ServiceBusUsageQueueOptions
        {
            JournalFolder = folder.Path,
            OnAway = cause => Tell($"away: {(cause as ServiceBusException)?.Reason.ToString() ?? cause.GetType().Name}"),
            OnBack = () => Tell("back"),
        }, Time, new Random(1));
        started.Add(queue);
        return queue;
    }

    /// <summary>Completes when all are accepted.</summary>
    public Task EnqueueAsync(ServiceBusUsageQueue queue, IReadOnlyList<GenerationRecord> records, int stepMilliseconds = 50) =>
        UntilAsync(Task.WhenAll(records.Select(record => queue.EnqueueAsync(record).AsTask())), stepMilliseconds);

    /// <summary>Lets virtual time go by until the task is complete.</summary>
    public async Task UntilAsync(Task task, int stepMilliseconds = 50)
    {
        await UntilAsync(() => task.IsCompleted, stepMilliseconds);
        await task;
    }

    /// <summary>Lets virtual time go by until the condition holds; slowly enough that the client gets its answers within the send timeout.</summary>
    public async Task UntilAsync(Func<bool> condition, int stepMilliseconds = 50)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException("Waited in vain for the condition.");
            Time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Delay(1);
        }
    }

    /// <summary>Receives and completes what lies in the queue; its records, in its order.</summary>
    public async Task<IReadOnlyList<string>> TakeRecordIdsAsync()
    {
        var ids = new List<string>();
        await using var receiver = NewClient().CreateReceiver("usage");
        while (Queue.Count > 0)
        {
            foreach (var message in await receiver.ReceiveMessagesAsync(100, TimeSpan.FromSeconds(5)))
            {
                if (!UsageMessage.TryDecode(message.Body.ToMemory().Span, out var records, out var reason)) throw new InvalidOperationException(reason);
                ids.AddRange(records.Select(record => record.Id));
                await receiver.CompleteMessageAsync(message);
            }
        }
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        // On their clock: a test that failed may have left the bus away or silent.
        foreach (var queue in started) await UntilAsync(queue.DisposeAsync().AsTask());
        foreach (var client in clients) await client.DisposeAsync();
        Emulator.Dispose();
        folder.Dispose();
    }

    private ServiceBusClient NewClient()
    {
        var client = ServiceBusConnection.Create(ServiceBusConnection.Prefix + Emulator.ConnectionString, null);
        clients.Add(client);
        return client;
    }

    private void Tell(string what)
    {
        lock (Told) Told.Add(what);
    }
}
