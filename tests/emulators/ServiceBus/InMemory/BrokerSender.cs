using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;

namespace EdgeRouter.Emulators.ServiceBus.InMemory;

/// <summary>Encodes messages as the wire has them, and puts them into a queue.</summary>
internal sealed class BrokerSender(Broker broker, EmulatedQueue queue) : ServiceBusSender
{
    /// <summary>What the envelope of a batch takes, and each message's place in it, is about this much.</summary>
    private const int Overhead = 128;

    private readonly ConditionalWeakTable<ServiceBusMessageBatch, List<EncodedMessage>> batches = [];

    public override async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
    {
        await broker.ReachAsync(queue.Name, cancellationToken);
        var encoded = new List<EncodedMessage>();
        var size = Overhead;
        var batch = ServiceBusModelFactory.ServiceBusMessageBatch(0, [],
            new CreateMessageBatchOptions { MaxSizeInBytes = queue.Options.MaxMessageBytes },
            message =>
            {
                var bytes = message.GetRawAmqpMessage().ToBytes().ToArray();
                if (size + bytes.Length + Overhead > queue.Options.MaxMessageBytes) return false;
                size += bytes.Length + Overhead;
                encoded.Add(new EncodedMessage(message.MessageId, bytes));
                return true;
            });
        batches.Add(batch, encoded);
        return batch;
    }

    public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        await broker.ReachAsync(queue.Name, cancellationToken);
        queue.Enqueue(batches.GetOrCreateValue(messageBatch));
        if (broker.TakeLoss())
            throw new ServiceBusException("The operation did not complete within the allocated time.", ServiceBusFailureReason.ServiceTimeout, queue.Name);
    }

    public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
