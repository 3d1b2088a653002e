using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.FunctionsHost.Worker;
using Google.Protobuf;

namespace EdgeRouter.Emulators.FunctionsHost.Triggers;

/// <summary>Runs a batch function with messages, which the worker may settle while it runs.</summary>
/// <param name="function">The function.</param>
/// <param name="worker">Runs it.</param>
/// <param name="receiver">Where the messages come from and are settled.</param>
/// <param name="locked">Where the settlement service finds them.</param>
internal sealed class BatchDelivery(Function function, WorkerConnection worker, ServiceBusReceiver receiver, LockedMessages locked)
{
    private const int LockTokenBytes = 16;

    public async Task<StatusResult> RunAsync(IReadOnlyList<ServiceBusReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var batch = new CollectionModelBindingData();
        foreach (var message in messages)
        {
            locked.Add(receiver, message);
            batch.ModelBindingData.Add(Encode(message));
        }
        try
        {
            return await worker.InvokeAsync(function, Guid.NewGuid().ToString(), new TypedData { CollectionModelBindingData = batch }, cancellationToken);
        }
        finally
        {
            foreach (var message in messages) locked.Remove(message);
        }
    }

    /// <summary>The wire form that the worker's extension reads: the lock token, then the AMQP message.</summary>
    private static ModelBindingData Encode(ServiceBusReceivedMessage message)
    {
        var amqp = message.GetRawAmqpMessage().ToBytes().ToMemory().Span;
        var bytes = new byte[LockTokenBytes + amqp.Length];
        Guid.Parse(message.LockToken).TryWriteBytes(bytes);
        amqp.CopyTo(bytes.AsSpan(LockTokenBytes));
        return new ModelBindingData
        {
            Version = "1.0",
            Source = "AzureServiceBusReceivedMessage",
            ContentType = "application/octet-stream",
            Content = UnsafeByteOperations.UnsafeWrap(bytes),
        };
    }
}
