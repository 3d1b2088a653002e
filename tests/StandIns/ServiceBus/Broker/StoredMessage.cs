using Azure.Messaging.ServiceBus;

namespace EdgeRouter.StandIns.ServiceBus;

/// <summary>A message in a queue. Guarded by the queue's lock.</summary>
internal sealed class StoredMessage(ServiceBusMessage message, long sequenceNumber, DateTimeOffset enqueuedTime)
{
    // A copy, as the wire makes one.
    public BinaryData Body { get; } = BinaryData.FromBytes(message.Body.ToArray());

    public string MessageId { get; } = message.MessageId ?? Guid.NewGuid().ToString("N");

    public string ContentType { get; } = message.ContentType;

    public string Subject { get; } = message.Subject;

    public long SequenceNumber { get; set; } = sequenceNumber;

    public DateTimeOffset EnqueuedTime { get; } = enqueuedTime;

    /// <summary>Deliveries so far, the current one included.</summary>
    public int DeliveryCount { get; set; }

    public string DeadLetterReason { get; set; }

    public string DeadLetterErrorDescription { get; set; }
}
