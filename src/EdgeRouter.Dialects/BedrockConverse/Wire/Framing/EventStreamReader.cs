using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Framing;

/// <summary>
/// Reads the messages of a binary event stream, however it was split on the way. Each is: its length and that of its headers, a checksum of both, headers,
/// payload, a checksum of everything. Both are checked, the first before a byte of the message is waited for. A message that is whole in one chunk is
/// returned in place; any other is collected in a pooled buffer. Not thread-safe.
/// </summary>
/// <remarks>
/// An event has its type as name. An exception has its type behind <see cref="Exception"/>. At the orderly end of the connection comes one frame more,
/// <see cref="End"/>, unless the stream ended inside a message.
/// </remarks>
/// <param name="maxMessageBytes">Largest message, checksums included.</param>
internal sealed class EventStreamReader(int maxMessageBytes) : IFrameReader
{
    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;
    private ReadOnlyMemory<byte> chunk;
    private byte[]? carry;
    private int carried;
    private bool carryHandedOut;
    private bool ended;
    private bool endHandedOut;

    /// <summary>Begins the name of a frame that ends the stream with an error; its type follows.</summary>
    public static ReadOnlySpan<byte> Exception => ":exception "u8;

    /// <summary>Name of the last frame.</summary>
    public static ReadOnlySpan<byte> End => ":end"u8;

    /// <inheritdoc/>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (!chunk.IsEmpty) throw new InvalidOperationException("TryRead must return false before the next Append.");
        if (ended) throw new InvalidOperationException("Append after Complete.");
        chunk = bytes;
    }

    /// <inheritdoc/>
    public void Complete() => ended = true;

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        ReleaseHandedOut();
        if (TryTakeMessage(out var message))
        {
            frame = Parse(message);
            return true;
        }
        var isEnd = ended && !endHandedOut && carried == 0;
        endHandedOut |= isEnd;
        frame = isEnd ? new StreamFrame(End.ToArray(), default) : default;
        return isEnd;
    }

    /// <summary>Gives the buffer back. Frames that were returned are no longer valid.</summary>
    public void Dispose()
    {
        chunk = default;
        carryHandedOut = true;
        ReleaseHandedOut();
    }

    /// <summary>Bytes of pooled buffers held at this moment.</summary>
    internal int HeldBytes => carry?.Length ?? 0;

    private bool TryTakeMessage(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (carried == 0 && chunk.Length >= PreludeBytes && LengthOf(chunk.Span) is var whole && whole <= chunk.Length)
        {
            message = chunk[..whole];
            chunk = chunk[whole..];
            return true;
        }
        if (!TryCarry(PreludeBytes) || !TryCarry(LengthOf(carry))) return false;
        carryHandedOut = true;
        message = carry.AsMemory(0, carried);
        return true;
    }

    /// <summary>Collects that many bytes; false: there are not so many yet.</summary>
    private bool TryCarry(int bytes)
    {
        var missing = Math.Min(bytes - carried, chunk.Length);
        if (missing > 0)
        {
            if (carry is null || carry.Length < carried + missing)
            {
                // Not the declared length at once: a buffer grows with what has come.
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(carried + missing, Math.Min(bytes, 2 * carried)));
                carry.AsSpan(0, carried).CopyTo(larger);
                if (carry is not null) ArrayPool<byte>.Shared.Return(carry);
                carry = larger;
            }
            chunk.Span[..missing].CopyTo(carry.AsSpan(carried));
            chunk = chunk[missing..];
            carried += missing;
        }
        return carried >= bytes;
    }

    private int LengthOf(ReadOnlySpan<byte> prelude)
    {
        if (Crc32.HashToUInt32(prelude[..8]) != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]))
            throw new UpstreamFormatException("A message of the stream begins with a wrong checksum.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        if (length < PreludeBytes + ChecksumBytes || headers > length - PreludeBytes - ChecksumBytes)
            throw new UpstreamFormatException("A message of the stream has lengths that cannot be.");
        if (length > maxMessageBytes) throw new UpstreamFormatException($"A message of the upstream's stream is larger than {maxMessageBytes} bytes.");
        return (int)length;
    }

    private static StreamFrame Parse(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        if (Crc32.HashToUInt32(span[..^ChecksumBytes]) != BinaryPrimitives.ReadUInt32BigEndian(span[^ChecksumBytes..]))
            throw new UpstreamFormatException("A message of the stream has a wrong checksum.");
        var headersEnd = PreludeBytes + BinaryPrimitives.ReadInt32BigEndian(span[4..]);
        var headers = EventStreamHeaders.Read(message[PreludeBytes..headersEnd]);
        var payload = message[headersEnd..^ChecksumBytes];
        if (headers.MessageType.Span.SequenceEqual("exception"u8)) return new StreamFrame(Failure(headers.ExceptionType), payload);
        // An error that the service's model does not have: its text is in a header.
        if (headers.MessageType.Span.SequenceEqual("error"u8)) return new StreamFrame(Failure(headers.ErrorCode), headers.ErrorMessage);
        return new StreamFrame(headers.EventType, payload);
    }

    private static byte[] Failure(ReadOnlyMemory<byte> type) => [.. Exception, .. type.Span];

    private void ReleaseHandedOut()
    {
        if (!carryHandedOut) return;
        carryHandedOut = false;
        carried = 0;
        if (carry is not null) ArrayPool<byte>.Shared.Return(carry);
        carry = null;
    }
}
