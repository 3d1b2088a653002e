using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// Layout of the journal file, all numbers little endian:
/// <code>
/// header   "EdgeRtJ1" | sealed length (8) | last version (8) | CRC32C of the 24 bytes before (4)
/// record   marker (4) | payload length (4) | CRC32C of file offset, payload length and payload (4) | payload
/// </code>
/// A record is one group of commits, written with one write: so after a crash only the last record can be torn, whole groups of commits are there or
/// not, and a bad record with a good one behind it means damage. The bytes below the sealed length were flushed before the file got its name: they
/// are never torn, only damaged.
/// The offset is part of the checksum so that a record which sits in the wrong place, or inside another one's data, is not taken for one.
/// </summary>
internal static class JournalFormat
{
    public const int HeaderLength = 28;
    public const int FrameLength = 12;

    /// <summary>No group is larger: it takes no further commit from 1 MiB on, and one commit is bounded by <see cref="TableLimits.MaxCommitBytes"/>.</summary>
    public const int MaxPayload = 8 * 1024 * 1024;

    public static ReadOnlySpan<byte> Marker => [0xE1, 0x5A, 0xC7, 0x9D];

    private static ReadOnlySpan<byte> Magic => "EdgeRtJ1"u8;

    public static void WriteHeader(Span<byte> header, long sealedLength, long lastVersion)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], sealedLength);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], lastVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], Checksum(0, header[..24]));
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> header, out long sealedLength, out long lastVersion)
    {
        sealedLength = lastVersion = 0;
        if (header.Length < HeaderLength || !header.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != Checksum(0, header[..24]))
            return false;
        sealedLength = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        lastVersion = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        return true;
    }

    /// <summary>Fills the frame before a payload that will stand at <paramref name="offset"/> (of the frame) in the file.</summary>
    public static void WriteFrame(Span<byte> frame, long offset, ReadOnlySpan<byte> payload)
    {
        Marker.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(offset, payload));
    }

    /// <summary>Length of the payload behind a frame; false: these bytes are no frame.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> frame, out int payloadLength)
    {
        payloadLength = frame.Length < FrameLength || !frame.StartsWith(Marker) ? 0 : BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);
        return payloadLength is > 0 and <= MaxPayload;
    }

    public static bool IsIntact(ReadOnlySpan<byte> frame, long offset, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]) == Checksum(offset, payload);

    private static uint Checksum(long offset, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)offset);
        crc = BitOperations.Crc32C(crc, (uint)payload.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var last in payload[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, last);
        return ~crc;
    }
}
