using System.Buffers.Binary;
using System.Text;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.FunctionalTests.OtherMedia;

/// <summary>
/// A binary event stream: each frame has its length, the length of its headers, headers with the event's type, a payload, and checksums (left at zero).
/// </summary>
internal sealed class BinaryEventFraming : IStreamFraming
{
    private const int Prelude = 12;
    private const int Checksum = 4;
    private const byte Text = 7;

    public string MediaType => "application/vnd.amazon.eventstream";

    public bool Matches(string? contentType) => contentType == MediaType;

    public IFrameReader CreateReader(int maxFrameBytes) => new Reader(maxFrameBytes);

    public static byte[] Frame(string type, string payload)
    {
        byte[] header = [(byte)":event-type".Length, .. ":event-type"u8, Text, 0, (byte)type.Length, .. Encoding.UTF8.GetBytes(type)];
        var data = Encoding.UTF8.GetBytes(payload);
        var frame = new byte[Prelude + header.Length + data.Length + Checksum];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), header.Length);
        header.CopyTo(frame, Prelude);
        data.CopyTo(frame, Prelude + header.Length);
        return frame;
    }

    private sealed class Reader(int maxFrameBytes) : IFrameReader
    {
        private byte[] held = [];

        public void Append(ReadOnlyMemory<byte> bytes) => held = [.. held, .. bytes.Span];

        public void Complete()
        {
            if (held.Length > 0) throw new UpstreamFormatException("The stream ended inside a frame.");
        }

        public bool TryRead(out StreamFrame frame)
        {
            frame = default;
            if (held.Length < Prelude) return false;
            var (length, headers) = (BinaryPrimitives.ReadInt32BigEndian(held), BinaryPrimitives.ReadInt32BigEndian(held.AsSpan(4)));
            if (length > maxFrameBytes) throw new UpstreamFormatException("A frame is too large.");
            if (held.Length < length) return false;
            var whole = held.AsMemory(0, length);
            held = held[length..];
            var type = whole.Slice(Prelude + 1 + whole.Span[Prelude] + 3, headers - whole.Span[Prelude] - 4);
            frame = new StreamFrame(type, whole[(Prelude + headers)..^Checksum]);
            return true;
        }

        public void Dispose() => held = [];
    }
}
