using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>Takes the payload of a record. Throws <see cref="InvalidDataException"/> when it makes no sense.</summary>
internal delegate void PayloadReader(ReadOnlySpan<byte> payload);

/// <summary>Reads a journal back record by record, telling a torn end from damage. Used once, when the journal is opened.</summary>
internal sealed class JournalReader(string path, SafeFileHandle file, bool acceptCorruption)
{
    private const int ScanBytes = 64 * 1024;
    private readonly long length = RandomAccess.GetLength(file);
    private readonly List<JournalRange> lost = [];
    private byte[] buffer = new byte[ScanBytes];
    private long sealedLength;
    private long lastVersion;
    private long records;

    /// <summary>Where the next record goes; 0: there is no usable journal.</summary>
    public long End { get; private set; }

    /// <summary>The part that was flushed before the file got its name.</summary>
    public long SealedLength => sealedLength;

    /// <summary>The version in the header.</summary>
    public long LastVersion => lastVersion;

    /// <summary>
    /// Hands every record to <paramref name="take"/>. Throws <see cref="JournalCorruptException"/> when the middle is damaged and that is not
    /// accepted.
    /// </summary>
    public RecoveryReport Read(PayloadReader take)
    {
        if (length == 0) return RecoveryReport.Empty;
        var offset = ReadHeader();
        while (offset < length)
        {
            if (TryReadRecord(offset, out var payload))
            {
                Take(take, payload, offset);
                offset += JournalFormat.FrameLength + payload.Length;
                End = offset;
                continue;
            }
            var next = FindRecord(offset + 1);
            if (next < 0 && offset >= sealedLength) return new RecoveryReport(records, new JournalRange(offset, length - offset), lost);
            offset = Skip(offset, next < 0 ? length : next);
        }
        if (length < sealedLength) Skip(length, sealedLength);
        return new RecoveryReport(records, null, lost);
    }

    private long ReadHeader()
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderLength];
        var read = RandomAccess.Read(file, header, 0);
        // A bad header is offset 0 of a bad record: torn when nothing good follows (the process died while it made the file), else damage.
        if (!JournalFormat.TryReadHeader(header[..read], out sealedLength, out lastVersion)) return 0;
        End = JournalFormat.HeaderLength;
        return End;
    }

    private bool TryReadRecord(long offset, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        Span<byte> frame = stackalloc byte[JournalFormat.FrameLength];
        if (RandomAccess.Read(file, frame, offset) < frame.Length || !JournalFormat.TryReadFrame(frame, out var payloadLength)) return false;
        if (offset + frame.Length + payloadLength > length) return false;
        if (buffer.Length < payloadLength) buffer = new byte[Math.Max(payloadLength, buffer.Length * 2)];
        var body = buffer.AsSpan(0, payloadLength);
        if (RandomAccess.Read(file, body, offset + frame.Length) < body.Length || !JournalFormat.IsIntact(frame, offset, body)) return false;
        payload = body;
        return true;
    }

    // A record with a right checksum was written like this: it is no torn end, and must not be cut off as one.
    private void Take(PayloadReader take, ReadOnlySpan<byte> payload, long offset)
    {
        try
        {
            take(payload);
        }
        catch (InvalidDataException)
        {
            throw new JournalCorruptException(path, offset);
        }
        records++;
    }

    /// <summary>Offset of the first good record at or after <paramref name="offset"/>; -1: there is none.</summary>
    private long FindRecord(long offset)
    {
        var window = new byte[ScanBytes];
        while (offset < length)
        {
            var read = RandomAccess.Read(file, window, offset);
            var index = window.AsSpan(0, read).IndexOf(JournalFormat.Marker);
            if (index < 0)
            {
                if (offset + read >= length) return -1;
                // The marker may lie across the end of the window.
                offset += Math.Max(1, read - JournalFormat.Marker.Length + 1);
                continue;
            }
            offset += index;
            if (TryReadRecord(offset, out _)) return offset;
            offset++;
        }
        return -1;
    }

    private long Skip(long from, long to)
    {
        if (!acceptCorruption) throw new JournalCorruptException(path, from);
        lost.Add(new JournalRange(from, to - from));
        return to;
    }
}
