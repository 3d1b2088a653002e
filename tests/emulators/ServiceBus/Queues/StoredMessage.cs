namespace EdgeRouter.Emulators.ServiceBus.Queues;

/// <summary>A message in a queue. The queue's lock guards what changes.</summary>
public sealed class StoredMessage
{
    internal StoredMessage(EncodedMessage message, long sequenceNumber, DateTimeOffset enqueuedTime)
    {
        MessageId = message.MessageId;
        Encoded = message.Bytes;
        SequenceNumber = sequenceNumber;
        EnqueuedTime = enqueuedTime;
    }

    /// <summary>Null: its sender set none.</summary>
    public string? MessageId { get; }

    /// <summary>Unique in a queue and its dead-letter queue; ascending.</summary>
    public long SequenceNumber { get; }

    public DateTimeOffset EnqueuedTime { get; }

    /// <summary>Deliveries so far, the present one included.</summary>
    public int DeliveryCount { get; internal set; }

    /// <summary>The message as its sender encoded it.</summary>
    internal byte[] Encoded { get; }

    /// <summary>Application properties that settlements added, such as the reason of a dead letter. Replaced, never changed.</summary>
    internal IReadOnlyDictionary<string, object> AddedProperties { get; private set; } = new Dictionary<string, object>(StringComparer.Ordinal);

    internal void Add(IEnumerable<KeyValuePair<string, object>> properties)
    {
        var all = new Dictionary<string, object>(AddedProperties, StringComparer.Ordinal);
        foreach (var (name, value) in properties) all[name] = value;
        AddedProperties = all;
    }
}

/// <summary>A message as it arrives.</summary>
/// <param name="MessageId">Its id; null: none.</param>
/// <param name="Bytes">All of its sections, encoded.</param>
internal sealed record EncodedMessage(string? MessageId, byte[] Bytes);

/// <summary>What a receiver or a peek gets to see of a message.</summary>
/// <param name="Message">The message.</param>
/// <param name="DeliveryCount">Deliveries so far at that moment, this one included.</param>
/// <param name="LockToken">Names the lock; empty: not locked.</param>
/// <param name="LockedUntil">End of the lock.</param>
internal readonly record struct MessageView(StoredMessage Message, int DeliveryCount, Guid LockToken = default, DateTimeOffset LockedUntil = default);
