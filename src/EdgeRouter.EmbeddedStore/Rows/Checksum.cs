using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>
/// CRC32C in front of what is stored: SQLite finds damage to the structure of its file, but not to the values in it. It begins with what the value
/// belongs to, so that one which is found under the key of another does not pass.
/// </summary>
internal static class Checksum
{
    /// <summary>Bytes that it takes.</summary>
    public const int Length = 4;

    /// <summary>What the checksum of a row's value begins with.</summary>
    public static uint OwnerOf(PartitionName name, string row) =>
        Add(Add(Add(0, MemoryMarshal.AsBytes(name.Table.AsSpan())), MemoryMarshal.AsBytes(name.Partition.AsSpan())), MemoryMarshal.AsBytes(row.AsSpan()));

    /// <summary>Fills the first bytes of <paramref name="stored"/> from the rest.</summary>
    public static void Write(Span<byte> stored, uint owner) => BinaryPrimitives.WriteUInt32LittleEndian(stored, Add(owner, stored[Length..]));

    /// <summary>What stands behind the checksum.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> stored, uint owner)
    {
        if (stored.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(stored) != Add(owner, stored[Length..]))
            throw new InvalidDataException("a stored value does not match its checksum");
        return stored[Length..];
    }

    private static uint Add(uint before, ReadOnlySpan<byte> bytes)
    {
        var crc = BitOperations.Crc32C(~before, (uint)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var last in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
