using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace EdgeRouter.TestSupport.EventStreams;

/// <summary>Writes messages of Amazon's binary event stream. Amazon's own client reads them in the client tests.</summary>
public static class EventStreamMessage
{
    private const int Prelude = 12;
    private const int Checksum = 4;

    /// <summary>An event with a JSON payload.</summary>
    public static byte[] Event(string type, string payload) => Write(
        [(":event-type", type), (":content-type", "application/json"), (":message-type", "event")], Encoding.UTF8.GetBytes(payload));

    /// <summary>An exception of the service's model, which ends the stream.</summary>
    public static byte[] Exception(string type, string payload) => Write(
        [(":exception-type", type), (":content-type", "application/json"), (":message-type", "exception")], Encoding.UTF8.GetBytes(payload));

    /// <summary>An error that the service's model does not have.</summary>
    public static byte[] Error(string code, string message) =>
        Write([(":error-code", code), (":error-message", message), (":message-type", "error")], []);

    /// <summary>A message with headers that are texts.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, string Value)> headers, byte[] payload) =>
        Write([.. headers.SelectMany(static header => Header(header.Name, 7, [.. Length(header.Value), .. Encoding.UTF8.GetBytes(header.Value)]))], payload);

    /// <summary>A message with those bytes as headers.</summary>
    public static byte[] Write(byte[] headers, byte[] payload)
    {
        var message = new byte[Prelude + headers.Length + payload.Length + Checksum];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        headers.CopyTo(message, Prelude);
        payload.CopyTo(message, Prelude + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - Checksum), Crc32.HashToUInt32(message.AsSpan(0, message.Length - Checksum)));
        return message;
    }

    /// <summary>A header of any type.</summary>
    public static byte[] Header(string name, byte type, byte[] value) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), type, .. value];

    private static byte[] Length(string text)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)Encoding.UTF8.GetByteCount(text));
        return bytes;
    }
}
