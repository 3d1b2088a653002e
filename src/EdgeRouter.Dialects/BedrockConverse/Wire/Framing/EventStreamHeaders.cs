using System.Buffers.Binary;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Framing;

/// <summary>The headers of a message that say what it is. Views of the message; what it does not have is empty.</summary>
internal struct EventStreamHeaders
{
    private const byte Text = 7;

    public ReadOnlyMemory<byte> MessageType;
    public ReadOnlyMemory<byte> EventType;
    public ReadOnlyMemory<byte> ExceptionType;
    public ReadOnlyMemory<byte> ErrorCode;
    public ReadOnlyMemory<byte> ErrorMessage;

    /// <exception cref="UpstreamFormatException">They are malformed.</exception>
    public static EventStreamHeaders Read(ReadOnlyMemory<byte> bytes)
    {
        var headers = default(EventStreamHeaders);
        while (!bytes.IsEmpty)
        {
            var name = Take(ref bytes, Take(ref bytes, 1).Span[0]);
            var type = Take(ref bytes, 1).Span[0];
            var value = Take(ref bytes, LengthOf(type, ref bytes));
            if (type == Text) headers.Note(name.Span, value);
        }
        return headers;
    }

    private static int LengthOf(byte type, ref ReadOnlyMemory<byte> bytes) => type switch
    {
        0 or 1 => 0, // true and false
        2 => 1,
        3 => 2,
        4 => 4,
        5 or 8 => 8, // a long number, a time
        6 or Text => BinaryPrimitives.ReadUInt16BigEndian(Take(ref bytes, 2).Span),
        9 => 16, // a UUID
        _ => throw new UpstreamFormatException("A message of the stream has a header of an unknown type."),
    };

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int count)
    {
        if (count > bytes.Length) throw new UpstreamFormatException("A message of the stream has a header that is cut off.");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private void Note(ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        if (name.SequenceEqual(":event-type"u8)) EventType = value;
        else if (name.SequenceEqual(":message-type"u8)) MessageType = value;
        else if (name.SequenceEqual(":exception-type"u8)) ExceptionType = value;
        else if (name.SequenceEqual(":error-code"u8)) ErrorCode = value;
        else if (name.SequenceEqual(":error-message"u8)) ErrorMessage = value;
    }
}
