using System.Buffers.Binary;
using System.Text;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>A growing buffer for the binary encoding of rows. Little endian; strings and blobs carry their length. Not thread-safe.</summary>
internal sealed class ByteWriter
{
    private byte[] buffer = new byte[1024];

    public int Length { get; private set; }

    public Span<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>Empties the buffer; one that grew beyond <paramref name="keep"/> bytes is given back to the collector.</summary>
    public void Clear(int keep = 1024 * 1024)
    {
        Length = 0;
        if (buffer.Length > keep) buffer = new byte[1024];
    }

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    public Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + count));
        var span = buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Count(int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) Byte((byte)(rest | 0x80));
        Byte((byte)rest);
    }

    public void Blob(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Count(bytes);
        Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }
}
