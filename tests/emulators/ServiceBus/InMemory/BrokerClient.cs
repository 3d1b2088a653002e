using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Emulators.ServiceBus.InMemory;

/// <summary>The real client's members that the router and the Functions host use, on a <see cref="Broker"/>.</summary>
internal sealed class BrokerClient(Broker broker) : ServiceBusClient
{
    public override ServiceBusSender CreateSender(string queueOrTopicName) => new BrokerSender(broker, broker.Queue(queueOrTopicName));

    public override ServiceBusReceiver CreateReceiver(string queueName) => new BrokerReceiver(broker, broker.Queue(queueName));

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new BrokerReceiver(broker, options.SubQueue == SubQueue.DeadLetter ? broker.Queue(queueName).DeadLetters : broker.Queue(queueName));

#pragma warning disable CA2215 // The base closes a connection, and this client has none.
    public override ValueTask DisposeAsync()
    {
        broker.ClientClosed();
        return ValueTask.CompletedTask;
    }
#pragma warning restore CA2215
}
