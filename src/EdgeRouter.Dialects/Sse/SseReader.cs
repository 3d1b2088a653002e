using System.Buffers;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Sse;

/// <summary>
/// Reads server-sent events from a byte stream, however it was split on the way. An event that is whole in one chunk is returned in place. Any other is
/// collected in a pooled buffer, which is given back as soon as the event was read, so that a stream that waits for its next event holds no buffer.
/// Comments, <c>id:</c> and <c>retry:</c> are skipped. Not thread-safe.
/// </summary>
/// <param name="maxEventBytes">Largest event, field names and line ends included.</param>
public sealed class SseReader(int maxEventBytes = SseReader.DefaultMaxEventBytes) : IFrameReader
{
    /// <summary>16 MB: a generated image travels as one event.</summary>
    public const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    private ReadOnlyMemory<byte> chunk;
    private byte[]? carry;
    private int carried;
    private bool carryHandedOut;
    private byte[]? joined;
    private bool lineIsEmpty = true;
    private bool blockIsEmpty = true;
    private bool skipLineFeed;
    private bool byteOrderMarkPassed;
    private bool ended;

    /// <inheritdoc/>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        if (!chunk.IsEmpty) throw new InvalidOperationException("TryRead must return false before the next Append.");
        if (ended) throw new InvalidOperationException("Append after Complete.");
        chunk = bytes;
    }

    /// <summary>Ends the stream: what is left is an event even without its blank line.</summary>
    public void Complete() => ended = true;

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        ReleaseHandedOut();
        while (TryTakeBlock(out var block))
        {
            if (TryParse(block, out frame)) return true;
            ReleaseHandedOut();
        }
        frame = default;
        return false;
    }

    /// <summary>Gives the buffers back. Events that were returned are no longer valid.</summary>
    public void Dispose()
    {
        chunk = default;
        carryHandedOut = true;
        ReleaseHandedOut();
    }

    /// <summary>Bytes of pooled buffers held at this moment.</summary>
    internal int HeldBytes => (carry?.Length ?? 0) + (joined?.Length ?? 0);

    /// <summary>A block is all lines up to a blank line. All state of the scan is in fields, so a block may arrive in any number of pieces.</summary>
    private bool TryTakeBlock(out ReadOnlyMemory<byte> block)
    {
        var span = chunk.Span;
        var start = 0;
        var position = 0;
        while (position < span.Length)
        {
            if (skipLineFeed)
            {
                skipLineFeed = false;
                if (span[position] == '\n')
                {
                    position++;
                    if (blockIsEmpty && lineIsEmpty) start = position;
                    continue;
                }
            }
            var length = span[position..].IndexOfAny((byte)'\r', (byte)'\n');
            if (length != 0) lineIsEmpty = false;
            if (length < 0) break;
            position += length + 1;
            skipLineFeed = span[position - 1] == '\r';
            if (!lineIsEmpty) EndLine(span, ref start, position);
            else if (blockIsEmpty) start = position;
            else
            {
                block = Take(chunk[start..position]);
                chunk = chunk[position..];
                blockIsEmpty = true;
                return true;
            }
        }
        if (start < span.Length) Carry(span[start..]);
        chunk = default;
        block = default;
        if (!ended || carried == 0) return false;
        block = carry.AsMemory(0, carried);
        carryHandedOut = true;
        return true;
    }

    /// <summary>
    /// A comment at the head of a block is dropped at once: a provider that keeps the connection open with comment lines must not fill a buffer.
    /// </summary>
    private void EndLine(ReadOnlySpan<byte> span, ref int start, int position)
    {
        lineIsEmpty = true;
        if (!blockIsEmpty) return;
        CheckSize(carried + position - start);
        var first = carried > 0 ? carry![0] : span[start];
        if (first != ':')
        {
            blockIsEmpty = false;
            return;
        }
        byteOrderMarkPassed = true;
        carryHandedOut = true;
        ReleaseHandedOut();
        start = position;
    }

    private ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> rest)
    {
        CheckSize(carried + rest.Length);
        if (carried == 0) return rest;
        Carry(rest.Span);
        carryHandedOut = true;
        return carry.AsMemory(0, carried);
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        var needed = carried + bytes.Length;
        CheckSize(needed);
        if (carry is null || carry.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, carried * 2));
            carry.AsSpan(0, carried).CopyTo(larger);
            if (carry is not null) ArrayPool<byte>.Shared.Return(carry);
            carry = larger;
        }
        bytes.CopyTo(carry.AsSpan(carried));
        carried = needed;
    }

    private void CheckSize(int bytes)
    {
        if (bytes > maxEventBytes) throw new UpstreamFormatException($"An event of the upstream's stream is larger than {maxEventBytes} bytes.");
    }

    private bool TryParse(ReadOnlyMemory<byte> block, out StreamFrame frame)
    {
        if (!byteOrderMarkPassed && block.Span.StartsWith("\uFEFF"u8)) block = block[3..];
        byteOrderMarkPassed = true;
        ReadOnlyMemory<byte> name = default;
        ReadOnlyMemory<byte> data = default;
        var dataLines = 0;
        while (!block.IsEmpty)
        {
            var length = block.Span.IndexOfAny((byte)'\r', (byte)'\n');
            var line = length < 0 ? block : block[..length];
            block = length < 0 ? default : block[(length + 1)..];
            var colon = line.Span.IndexOf((byte)':');
            var field = colon < 0 ? line.Span : line.Span[..colon];
            var value = colon < 0 ? default : line[(colon + 1)..];
            if (!value.IsEmpty && value.Span[0] == ' ') value = value[1..];
            if (field.SequenceEqual("event"u8)) name = value;
            else if (field.SequenceEqual("data"u8)) data = ++dataLines == 1 ? value : Join(data, value, block.Length);
        }
        frame = new StreamFrame(name, data);
        return dataLines > 0;
    }

    private ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> line, int rest)
    {
        var length = data.Length + 1 + line.Length;
        if (joined is null)
        {
            joined = ArrayPool<byte>.Shared.Rent(length + rest);
            data.CopyTo(joined);
        }
        joined[data.Length] = (byte)'\n';
        line.CopyTo(joined.AsMemory(data.Length + 1));
        return joined.AsMemory(0, length);
    }

    private void ReleaseHandedOut()
    {
        if (joined is not null) ArrayPool<byte>.Shared.Return(joined);
        joined = null;
        if (!carryHandedOut) return;
        carryHandedOut = false;
        carried = 0;
        if (carry is not null) ArrayPool<byte>.Shared.Return(carry);
        carry = null;
    }
}
