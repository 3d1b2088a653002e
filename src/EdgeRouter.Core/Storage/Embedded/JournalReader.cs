using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>Reads a journal back record by record, telling a torn end from damage. Used once, when the store opens.</summary>
internal sealed class JournalReader(string path, SafeFileHandle file, bool acceptCorruption)
{
    private const int ScanBytes = 64 * 1024;
    private readonly long length = RandomAccess.GetLength(file);
    private readonly List<JournalRange> lost = [];
    private byte[] payload = new byte[ScanBytes];
    private long sealedLength;
    private long records;

    /// <summary>Where the next record goes; 0: there is no usable journal.</summary>
    public long End { get; private set; }

    /// <summary>The part that was flushed before the file got its name.</summary>
    public long SealedLength => sealedLength;

    /// <summary>Puts the rows into the index. Throws <see cref="JournalCorruptException"/> when the middle is damaged and that is not accepted.</summary>
    public RecoveryReport ReadInto(RowIndex rows)
    {
        if (length == 0) return RecoveryReport.Empty;
        var offset = ReadHeader(rows);
        while (offset < length)
        {
            if (TryReadRecord(offset, out var effects, out var recordLength))
            {
                Apply(rows, effects);
                offset += recordLength;
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

    private long ReadHeader(RowIndex rows)
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderLength];
        var read = RandomAccess.Read(file, header, 0);
        // A bad header is offset 0 of a bad record: torn when nothing good follows (the process died while it made the file), else damage.
        if (!JournalFormat.TryReadHeader(header[..read], out sealedLength, out var lastVersion)) return 0;
        rows.Saw(lastVersion);
        End = JournalFormat.HeaderLength;
        return End;
    }

    private bool TryReadRecord(long offset, out List<RowEffect> effects, out int recordLength)
    {
        effects = [];
        recordLength = 0;
        Span<byte> frame = stackalloc byte[JournalFormat.FrameLength];
        if (RandomAccess.Read(file, frame, offset) < frame.Length || !JournalFormat.TryReadFrame(frame, out var payloadLength)) return false;
        if (offset + frame.Length + payloadLength > length) return false;
        if (payload.Length < payloadLength) payload = new byte[Math.Max(payloadLength, payload.Length * 2)];
        var body = payload.AsSpan(0, payloadLength);
        if (RandomAccess.Read(file, body, offset + frame.Length) < body.Length || !JournalFormat.IsIntact(frame, offset, body)) return false;
        effects = Decode(body, offset);
        recordLength = frame.Length + payloadLength;
        return true;
    }

    // A record with a right checksum was written like this: it is no torn end, and must not be cut off as one.
    private List<RowEffect> Decode(ReadOnlySpan<byte> body, long offset)
    {
        try
        {
            return JournalPayload.Read(body);
        }
        catch (InvalidDataException)
        {
            throw new JournalCorruptException(path, offset);
        }
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
            if (TryReadRecord(offset, out _, out _)) return offset;
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

    private void Apply(RowIndex rows, List<RowEffect> effects)
    {
        rows.Apply(effects);
        records++;
        foreach (var effect in effects)
            if (effect.After is not null) rows.Saw(effect.After.Version);
    }
}
