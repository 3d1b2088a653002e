using System.Buffers.Binary;
using System.Text;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Whatever does not fit throws <see cref="InvalidDataException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)rest.Length) throw new InvalidDataException("a value is longer than its row");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int Count()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return (int)value;
        }
        throw new InvalidDataException("a count has too many bytes");
    }

    public ReadOnlySpan<byte> Blob() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Blob());
}
