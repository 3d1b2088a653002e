using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Functions.Tests.Bus;
using EdgeRouter.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeRouter.Functions.Tests.Usage;

/// <summary>A queue, a store, and UsageFunction between them, run by hand: one delivery of a batch at a time, as the Functions host does it.</summary>
internal sealed class UsageDelivery
{
    private readonly ServiceBusClient client;
    private readonly ServiceBusReceiver receiver;

    public UsageDelivery(ITableStore store)
    {
        Broker = new Broker(Time);
        client = Broker.Client;
        receiver = client.CreateReceiver("usage");
        Store = new FaultyStore(store);
        Actions = new TestActions(receiver);
    }

    public VirtualTimeProvider Time { get; } = new(Records.Now);

    public Broker Broker { get; }

    public BrokerQueue Queue => Broker.Queue("usage");

    public FaultyStore Store { get; }

    public TestActions Actions { get; }

    public async Task SendAsync(params GenerationRecord[] records) => await SendRawAsync(UsageMessage.Pack([.. records.Select(UsageMessage.EncodeRecord)]));

    public async Task SendRawAsync(byte[] body)
    {
        var sender = client.CreateSender("usage");
        using var batch = await sender.CreateMessageBatchAsync();
        if (!batch.TryAddMessage(new ServiceBusMessage(BinaryData.FromBytes(body)) { MessageId = UsageMessage.IdOf(body) }))
            throw new InvalidOperationException("Too large.");
        await sender.SendMessagesAsync(batch);
    }

    public async Task<ServiceBusReceivedMessage[]> ReceiveAsync(int most = 100) => [.. await receiver.ReceiveMessagesAsync(most, TimeSpan.Zero)];

    /// <summary>Receives a batch and runs the function with it.</summary>
    public async Task DeliverAsync() => await RunAsync(await ReceiveAsync());

    /// <summary>Runs the function as a new instance.</summary>
    public Task RunAsync(ServiceBusReceivedMessage[] messages, ServiceBusMessageActions? actions = null, CancellationToken cancellationToken = default) =>
        new UsageFunction(new UsageWriter(Store), Time, NullLogger<UsageFunction>.Instance).RunAsync(messages, actions ?? Actions, cancellationToken);

    public async Task<ServiceBusReceivedMessage[]> DeadLettersAsync() =>
        [.. await client.CreateReceiver("usage", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).ReceiveMessagesAsync(1000, TimeSpan.Zero)];

    /// <summary>Lets virtual time go by, in steps, until the task is complete; not while the store works, which does so in real time.</summary>
    public Task TickAsync(Task task, double stepMilliseconds) => Time.TickAsync(task, stepMilliseconds, () => Store.IsBusy);

    public async Task<(long Requests, long Cost)> TotalAsync()
    {
        var total = (await new UsageTotals(Store.Inner, Time).ReadAllKeysAsync()).AllTime;
        return (total.Requests, total.Cost.Value);
    }
}

/// <summary>Settles through the broker, unless told to fail as it does when the process dies before.</summary>
internal sealed class TestActions(ServiceBusReceiver receiver) : ServiceBusMessageActions
{
    public bool CompletionFails { get; set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        CompletionFails
            ? Task.FromException(new InvalidOperationException("The process died here.")) : receiver.CompleteMessageAsync(message, cancellationToken);

    public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        receiver.AbandonMessageAsync(message, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        receiver.DeadLetterMessageAsync(message, deadLetterReason, deadLetterErrorDescription, cancellationToken);
}

/// <summary>Settles nothing: for deliveries of which only the writing matters.</summary>
internal sealed class NoActions : ServiceBusMessageActions
{
    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
