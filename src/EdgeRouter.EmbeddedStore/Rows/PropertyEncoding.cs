using System.Buffers.Binary;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>
/// Binary form of a row's properties, with a checksum: a fraction of the size of a dictionary of boxed values.
/// </summary>
internal static class PropertyEncoding
{
    private enum ValueType : byte
    {
        Text = 1,
        Int32,
        Int64,
        Double,
        False,
        True,
        Time,
        Guid,
        Binary,
    }

    /// <summary>Appends the properties, with their checksum in front. The owner is that of the checksum.</summary>
    public static void Write(ByteWriter writer, IReadOnlyDictionary<string, object> properties, uint owner)
    {
        var start = writer.Length;
        writer.Reserve(Checksum.Length);
        writer.Count(properties.Count);
        if (properties is RowProperties plain)
            foreach (ref readonly var entry in plain.Entries) WriteProperty(writer, entry.Key, entry.Value);
        else
            foreach (var (name, value) in properties) WriteProperty(writer, name, value);
        Checksum.Write(writer.Written[start..], owner);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RowProperties Read(ReadOnlySpan<byte> stored, uint owner)
    {
        var reader = new ByteReader(Checksum.Check(stored, owner));
        var count = reader.Count();
        if (count is < 0 or > TableLimits.MaxProperties) throw new InvalidDataException("a row has too many properties");
        var properties = new RowProperties(count);
        for (var i = 0; i < count; i++) properties.Add(reader.Text(), ReadValue(ref reader));
        return properties;
    }

    private static void WriteProperty(ByteWriter writer, string name, object value)
    {
        writer.Text(name);
        WriteValue(writer, value);
    }

    private static void WriteValue(ByteWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Byte((byte)ValueType.Text);
                writer.Text(text);
                break;
            case int number:
                writer.Byte((byte)ValueType.Int32);
                BinaryPrimitives.WriteInt32LittleEndian(writer.Reserve(4), number);
                break;
            case long number:
                writer.Byte((byte)ValueType.Int64);
                writer.Int64(number);
                break;
            case double number:
                writer.Byte((byte)ValueType.Double);
                writer.Int64(BitConverter.DoubleToInt64Bits(number));
                break;
            case bool flag:
                writer.Byte((byte)(flag ? ValueType.True : ValueType.False));
                break;
            case DateTimeOffset time:
                writer.Byte((byte)ValueType.Time);
                writer.Int64(time.UtcTicks);
                break;
            case Guid guid:
                writer.Byte((byte)ValueType.Guid);
                guid.TryWriteBytes(writer.Reserve(16));
                break;
            case byte[] binary:
                writer.Byte((byte)ValueType.Binary);
                writer.Blob(binary);
                break;
            default:
                throw new ArgumentException($"The type {value.GetType().Name} cannot be stored.", nameof(value));
        }
    }

    private static object ReadValue(ref ByteReader reader) => (ValueType)reader.Byte() switch
    {
        ValueType.Text => reader.Text(),
        ValueType.Int32 => Boxed.Of(BinaryPrimitives.ReadInt32LittleEndian(reader.Take(4))),
        ValueType.Int64 => Boxed.Of(reader.Int64()),
        ValueType.Double => BitConverter.Int64BitsToDouble(reader.Int64()),
        ValueType.False => Boxed.Of(false),
        ValueType.True => Boxed.Of(true),
        ValueType.Time => new DateTimeOffset(reader.Int64(), TimeSpan.Zero),
        ValueType.Guid => new Guid(reader.Take(16)),
        ValueType.Binary => reader.Blob().ToArray(),
        var unknown => throw new InvalidDataException($"the value type {(byte)unknown} is not known"),
    };
}
