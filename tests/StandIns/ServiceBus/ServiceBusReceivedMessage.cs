namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage(EdgeRouter.StandIns.ServiceBus.StoredMessage stored, Guid lockToken, DateTimeOffset lockedUntil)
    {
        Body = stored.Body;
        MessageId = stored.MessageId;
        ContentType = stored.ContentType;
        Subject = stored.Subject;
        SequenceNumber = stored.SequenceNumber;
        EnqueuedTime = stored.EnqueuedTime;
        DeliveryCount = stored.DeliveryCount;
        DeadLetterReason = stored.DeadLetterReason;
        DeadLetterErrorDescription = stored.DeadLetterErrorDescription;
        LockToken = lockToken.ToString();
        LockedUntil = lockedUntil;
    }

    public BinaryData Body { get; }

    public string MessageId { get; }

    public string ContentType { get; }

    public string Subject { get; }

    public string LockToken { get; }

    public long SequenceNumber { get; }

    public int DeliveryCount { get; }

    public DateTimeOffset EnqueuedTime { get; }

    public DateTimeOffset LockedUntil { get; }

    public string DeadLetterReason { get; }

    public string DeadLetterErrorDescription { get; }
}
