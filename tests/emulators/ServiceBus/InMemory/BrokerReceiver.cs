using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Amqp;
using EdgeRouter.Emulators.ServiceBus.Queues;

namespace EdgeRouter.Emulators.ServiceBus.InMemory;

/// <summary>Receives from a queue, on the broker's clock. Messages are decoded from their form on the wire.</summary>
internal sealed class BrokerReceiver(Broker broker, EmulatedQueue queue) : ServiceBusReceiver
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(60);

    public override async Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
        await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken) is [var message] ? message : null!;

    public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null,
        CancellationToken cancellationToken = default)
    {
        var wait = maxWaitTime ?? DefaultWait;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(maxWaitTime));
        await broker.ReachAsync(queue.Name, cancellationToken);
        using var patience = new CancellationTokenSource(wait, broker.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var arrived = () => { signal.TrySetResult(); };
            // Before the look, so that nothing comes in between unseen.
            queue.Watch(arrived);
            try
            {
                if (Take(maxMessages) is { Count: > 0 } taken) return taken;
                await signal.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                queue.Unwatch(arrived);
            }
            cancellationToken.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested) return [];
        }
    }

    public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = null,
        CancellationToken cancellationToken = default)
    {
        await broker.ReachAsync(queue.Name, cancellationToken);
        return [.. queue.Peek(fromSequenceNumber ?? 0, maxMessages).Select(Decode)];
    }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, Settlement.Completed, null, cancellationToken);

    public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(message, Settlement.Abandoned, propertiesToModify?.ToDictionary(), cancellationToken);

    public override Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(message, Settlement.DeadLettered, DeadLetterProperties.Of(deadLetterReason, deadLetterErrorDescription), cancellationToken);

    public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    private List<ServiceBusReceivedMessage> Take(int most)
    {
        var taken = new List<ServiceBusReceivedMessage>();
        while (taken.Count < most && queue.TryLock() is { } view) taken.Add(Decode(view));
        return taken;
    }

    private async Task SettleAsync(ServiceBusReceivedMessage message, Settlement how, Dictionary<string, object>? properties,
        CancellationToken cancellationToken)
    {
        await broker.ReachAsync(queue.Name, cancellationToken);
        if (broker.RefusesSettlement) throw new ServiceBusException("The settlement was refused.", ServiceBusFailureReason.GeneralError);
        if (!queue.TrySettle(Guid.Parse(message.LockToken), how, properties))
            throw new ServiceBusException(ServiceBusErrors.LockLostText, ServiceBusFailureReason.MessageLockLost, queue.Name);
    }

    private static ServiceBusReceivedMessage Decode(MessageView view)
    {
        var message = AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(MessageCodec.EncodeToBytes(view)));
        // The real client counts the delivery under way, which the wire does not.
        if (view.LockToken != Guid.Empty) message.Header.DeliveryCount = (uint)view.DeliveryCount;
        return ServiceBusReceivedMessage.FromAmqpMessage(message, BinaryData.FromBytes(view.LockToken.ToByteArray()));
    }
}
