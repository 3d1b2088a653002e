using Azure.Messaging.ServiceBus;

namespace EdgeRouter.Functions.Tests.Bus;

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

    public string? DeadLetterReason { get; set; }

    public string? DeadLetterErrorDescription { get; set; }

    /// <summary>The message as a receiver gets it, encoded or not.</summary>
    public ServiceBusReceivedMessage ToReceived(Guid lockToken, DateTimeOffset lockedUntil)
    {
        var properties = new Dictionary<string, object>();
        if (DeadLetterReason is not null) properties["DeadLetterReason"] = DeadLetterReason;
        if (DeadLetterErrorDescription is not null) properties["DeadLetterErrorDescription"] = DeadLetterErrorDescription;
        return ServiceBusModelFactory.ServiceBusReceivedMessage(Body, MessageId, subject: Subject, contentType: ContentType, properties: properties,
            lockTokenGuid: lockToken, deliveryCount: DeliveryCount, lockedUntil: lockedUntil, sequenceNumber: SequenceNumber, enqueuedTime: EnqueuedTime);
    }
}
