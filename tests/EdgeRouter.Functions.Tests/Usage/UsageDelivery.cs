using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.ServiceBus.InMemory;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>A queue, a store, and the real worker between them, whose deliveries a test makes by hand: one batch at a time, or several at once.</summary>
internal sealed class UsageDelivery : IAsyncDisposable
{
    /// <summary>What is there is received without a wait; the clock that would end one is virtual.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    private readonly ServiceBusClient client;
    private readonly ServiceBusReceiver receiver;
    private readonly RunningRouter router;

    private UsageDelivery(RunningRouter router, FaultyStore store, VirtualTimeProvider time)
    {
        this.router = router;
        (Store, Time) = (store, time);
        client = router.Broker.Client;
        receiver = client.CreateReceiver("usage");
    }

    public VirtualTimeProvider Time { get; }

    public Broker Broker => router.Broker;

    public EmulatedQueue Queue => router.Queue;

    public FaultyStore Store { get; }

    public static async Task<UsageDelivery> StartAsync(ITableStore inner)
    {
        var time = new VirtualTimeProvider(Records.Now);
        var store = new FaultyStore(inner);
        return new UsageDelivery(await RunningRouter.StartAsync(time, store, writers: 0), store, time);
    }

    public async Task SendAsync(params GenerationRecord[] records) => await SendRawAsync(UsageMessage.Pack([.. records.Select(UsageMessage.EncodeRecord)]));

    public async Task SendRawAsync(byte[] body)
    {
        var sender = client.CreateSender("usage");
        using var batch = await sender.CreateMessageBatchAsync();
        if (!batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(body)) { MessageId = UsageMessage.IdOf(body) }))
            throw new InvalidOperationException("Too large.");
        await sender.SendMessagesAsync(batch);
    }

    public async Task<ServiceBusReceivedMessage[]> ReceiveAsync(int most = 100) => [.. await receiver.ReceiveMessagesAsync(most, AtOnce)];

    /// <summary>Receives a batch and runs the function with it.</summary>
    public async Task DeliverAsync() => await RunAsync(await ReceiveAsync());

    /// <summary>Receives a batch and runs the function with it, until it gives the messages back because the store stays away.</summary>
    public async Task DeliverInVainAsync()
    {
        var messages = await ReceiveAsync();
        var delivering = RunAsync(messages);
        // From then on nothing is tried again, and the messages are given back in real time.
        var end = messages.Min(message => message.LockedUntil) - TimeSpan.FromSeconds(30);
        await Time.TickUntilAsync(() => delivering.IsCompleted || Time.GetUtcNow() >= end, 1000, () => Store.IsBusy);
        await delivering.InTimeAsync();
    }

    /// <summary>Runs the function.</summary>
    public Task RunAsync(ServiceBusReceivedMessage[] messages, CancellationToken cancellationToken = default) =>
        router.Functions.RunBatchAsync("usage-writer", messages, receiver, cancellationToken);

    public async Task<ServiceBusReceivedMessage[]> DeadLettersAsync() =>
        Queue.DeadLetters.Count == 0 ? []
            : [.. await client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).ReceiveMessagesAsync(1000, AtOnce)];

    public async Task<(long Requests, long Cost)> TotalAsync()
    {
        var total = (await new UsageTotals(Store.Inner, Time).ReadAllKeysAsync()).AllTime;
        return (total.Requests, total.Cost.Value);
    }

    public ValueTask DisposeAsync() => router.DisposeAsync();
}
