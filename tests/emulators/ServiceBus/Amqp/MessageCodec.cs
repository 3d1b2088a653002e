using EdgeRouter.Emulators.ServiceBus.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Messages between the wire and the queue. What a sender encoded is kept as it is; the broker's own values are added on the way out.</summary>
internal static class MessageCodec
{
    // Each data section of a message of this format is an encoded message.
    private const uint BatchFormat = 0x80013700;

    private static readonly MapKey SequenceNumber = new(new AmqpSymbol("x-opt-sequence-number"));
    private static readonly MapKey EnqueuedTime = new(new AmqpSymbol("x-opt-enqueued-time"));
    private static readonly MapKey LockedUntil = new(new AmqpSymbol("x-opt-locked-until"));

    /// <summary>The messages in what arrived; they share no buffer with it.</summary>
    public static IReadOnlyList<EncodedMessage> Decode(AmqpMessage arrived)
    {
        // Not the payload: it has only the sections that were read.
        if (arrived.MessageFormat != BatchFormat) return [Read(Bytes(((BufferListStream)arrived.ToStream()).ReadBuffers(int.MaxValue, false, out _)))];
        return [.. arrived.DataBody.Select(section => Read(Bytes([(ArraySegment<byte>)section.Value])))];
    }

    /// <summary>The message with its delivery count, annotations and added properties.</summary>
    public static AmqpMessage Encode(MessageView view)
    {
        var message = Open(view.Message.Encoded);
        message.Header.DeliveryCount = (uint)Math.Max(0, view.DeliveryCount - 1);
        var annotations = message.MessageAnnotations.Map;
        annotations[SequenceNumber] = view.Message.SequenceNumber;
        annotations[EnqueuedTime] = view.Message.EnqueuedTime.UtcDateTime;
        if (view.LockToken != Guid.Empty) annotations[LockedUntil] = view.LockedUntil.UtcDateTime;
        foreach (var (name, value) in view.Message.AddedProperties)
        {
            // An absent section is null.
            message.ApplicationProperties ??= new ApplicationProperties();
            message.ApplicationProperties.Map[name] = value;
        }
        return message;
    }

    /// <summary>The same, as bytes.</summary>
    public static byte[] EncodeToBytes(MessageView view)
    {
        using var message = Encode(view);
        return Bytes(message.GetPayload());
    }

    private static EncodedMessage Read(byte[] bytes)
    {
        using var message = Open(bytes);
        return new EncodedMessage(message.Properties?.MessageId?.ToString(), bytes);
    }

    private static AmqpMessage Open(byte[] bytes) => AmqpMessage.CreateAmqpStreamMessage(new BufferListStream([new ArraySegment<byte>(bytes)]));

    private static byte[] Bytes(ArraySegment<byte>[] segments)
    {
        var bytes = new byte[segments.Sum(segment => segment.Count)];
        var at = 0;
        foreach (var segment in segments)
        {
            segment.CopyTo(bytes, at);
            at += segment.Count;
        }
        return bytes;
    }
}
