using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Functions.Tests.Bus;

/// <summary>The real client's members that the router and the Functions host use, on a <see cref="Broker"/>.</summary>
internal sealed class BrokerClient(Broker broker) : ServiceBusClient
{
    public override ServiceBusSender CreateSender(string queueOrTopicName) => new BrokerSender(broker.Queue(queueOrTopicName));

    public override ServiceBusReceiver CreateReceiver(string queueName) => new BrokerReceiver(broker.Queue(queueName));

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new BrokerReceiver(options.SubQueue == SubQueue.DeadLetter ? broker.Queue(queueName).DeadLetters : broker.Queue(queueName));

#pragma warning disable CA2215 // The base closes a connection, and this client has none.
    public override ValueTask DisposeAsync()
    {
        broker.ClientsClosed++;
        return ValueTask.CompletedTask;
    }
#pragma warning restore CA2215

    private sealed class BrokerSender(BrokerQueue queue) : ServiceBusSender
    {
        // What the real batch takes for itself is about this much.
        private const int BatchOverhead = 128;
        private readonly System.Runtime.CompilerServices.ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> batches = [];

        public override async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            await queue.ReachAsync(cancellationToken);
            var messages = new List<ServiceBusMessage>();
            long size = BatchOverhead;
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(0, messages,
                new CreateMessageBatchOptions { MaxSizeInBytes = queue.Options.MaxBatchBytes },
                message =>
                {
                    if (size + MessageSize.Of(message) > queue.Options.MaxBatchBytes) return false;
                    size += MessageSize.Of(message);
                    return true;
                });
            batches.Add(batch, messages);
            return batch;
        }

        public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            await queue.ReachAsync(cancellationToken);
            queue.Enqueue(batches.GetOrCreateValue(messageBatch));
        }

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }

    private sealed class BrokerReceiver(BrokerQueue queue) : ServiceBusReceiver
    {
        public override async Task<ServiceBusReceivedMessage> ReceiveMessageAsync(TimeSpan? maxWaitTime = null,
            CancellationToken cancellationToken = default) =>
            await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken) is [var message] ? message : null!;

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null,
            CancellationToken cancellationToken = default)
        {
            await queue.ReachAsync(cancellationToken);
            return await queue.ReceiveAsync(maxMessages, maxWaitTime ?? TimeSpan.FromSeconds(60), cancellationToken);
        }

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = null,
            CancellationToken cancellationToken = default)
        {
            await queue.ReachAsync(cancellationToken);
            return queue.Peek(maxMessages, fromSequenceNumber ?? 0);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            SettleAsync(() => queue.Complete(message.LockToken), cancellationToken);

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
            CancellationToken cancellationToken = default) =>
            SettleAsync(() => queue.Abandon(message.LockToken), cancellationToken);

        public override Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default) =>
            SettleAsync(() => queue.DeadLetter(message.LockToken, deadLetterReason, deadLetterErrorDescription), cancellationToken);

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        private async Task SettleAsync(Action settle, CancellationToken cancellationToken)
        {
            await queue.ReachAsync(cancellationToken);
            if (queue.RefusesSettlement) throw new ServiceBusException("The settlement was refused.", ServiceBusFailureReason.GeneralError);
            settle();
        }
    }
}
