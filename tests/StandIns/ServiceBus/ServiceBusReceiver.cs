using EdgeRouter.StandIns.ServiceBus;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceiver : IAsyncDisposable
{
    private readonly ServiceBusClient client;
    private readonly string queueName;
    private readonly SubQueue subQueue;

    internal ServiceBusReceiver(ServiceBusClient client, string queueName, ServiceBusReceiverOptions options)
    {
        this.client = client;
        this.queueName = queueName;
        subQueue = options.SubQueue;
    }

    private BrokerQueue Queue => subQueue == SubQueue.DeadLetter ? client.Queue(queueName).DeadLetters : client.Queue(queueName);

    public virtual async Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
        await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken) is [var message] ? message : null;

    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default)
    {
        var queue = Queue;
        await queue.ReachAsync(cancellationToken);
        return await queue.ReceiveAsync(maxMessages, maxWaitTime ?? TimeSpan.FromSeconds(60), cancellationToken);
    }

    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default)
    {
        var queue = Queue;
        await queue.ReachAsync(cancellationToken);
        return queue.Peek(maxMessages, fromSequenceNumber ?? 0);
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(queue => queue.Complete(message.LockToken), cancellationToken);

    public virtual Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(queue => queue.Abandon(message.LockToken), cancellationToken);

    public virtual Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, string deadLetterReason, string deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(queue => queue.DeadLetter(message.LockToken, deadLetterReason, deadLetterErrorDescription), cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task SettleAsync(Action<BrokerQueue> settle, CancellationToken cancellationToken)
    {
        var queue = Queue;
        await queue.ReachAsync(cancellationToken);
        settle(queue);
    }
}

public class ServiceBusReceiverOptions
{
    public SubQueue SubQueue { get; set; }
}

public enum SubQueue
{
    None = 0,
    DeadLetter = 1,
    TransferDeadLetter = 2,
}
