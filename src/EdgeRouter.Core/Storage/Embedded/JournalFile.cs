using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// Appends records to the journal and replaces it by a compact one. Used by one thread. Errors of the file system come out as they are; after one the
/// journal holds exactly the records whose append succeeded, and the next call tries again.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int ChunkBytes = 256 * 1024;
    private const string FreshSuffix = ".new";
    private readonly string path;
    private readonly bool flush;
    private readonly JournalDisk disk;
    private readonly ByteWriter buffer = new();
    private SafeFileHandle? file;
    private bool tailIsDirty;

    public JournalFile(string path, bool flush, JournalDisk disk)
    {
        this.path = path;
        this.flush = flush;
        this.disk = disk;
        File.Delete(path + FreshSuffix);
        file = disk.Open(path, FileMode.OpenOrCreate);
    }

    /// <summary>The open file, for reading it back.</summary>
    public SafeFileHandle Handle => file ??= disk.Open(path, FileMode.Open);

    /// <summary>Bytes up to the end of the last good record.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes that were there when the file was last made or compacted.</summary>
    public long SealedLength { get; private set; }

    /// <summary>Goes on at the end of what was read back, cutting off what is behind it.</summary>
    public void ContinueAt(long length, long sealedLength)
    {
        Length = length;
        SealedLength = sealedLength;
        if (RandomAccess.GetLength(Handle) == length) return;
        disk.Truncate(Handle, length);
        disk.Flush(Handle);
    }

    /// <summary>Makes an empty journal of an empty or useless file.</summary>
    public void Start()
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderLength];
        JournalFormat.WriteHeader(header, header.Length, 0);
        disk.Truncate(Handle, 0);
        disk.Write(Handle, header, 0);
        disk.Flush(Handle);
        Length = SealedLength = header.Length;
    }

    /// <summary>Begins a record: its payload goes into the writer. What was begun before and not appended is dropped.</summary>
    public ByteWriter Begin()
    {
        buffer.Clear();
        buffer.Reserve(JournalFormat.FrameLength);
        return buffer;
    }

    /// <summary>Writes the record that was begun; when it returns, the record is durable.</summary>
    public void Append()
    {
        if (tailIsDirty) disk.Truncate(Handle, Length);
        tailIsDirty = true;
        var written = WriteRecord(Handle, Length);
        if (flush) disk.Flush(Handle);
        Length += written;
        tailIsDirty = false;
    }

    /// <summary>Drops the records from <paramref name="length"/> on. That is not flushed: after a loss of power they may be back.</summary>
    public void CutTo(long length)
    {
        Length = length;
        tailIsDirty = true;
        disk.Truncate(Handle, length);
        tailIsDirty = false;
    }

    /// <summary>
    /// Replaces the journal by one that holds just these rows. The new file is complete and flushed before it takes the name, so a crash leaves
    /// either the old one or the new one.
    /// </summary>
    public void Replace(IEnumerable<RowEffect> rows, long lastVersion)
    {
        var fresh = path + FreshSuffix;
        long length;
        try
        {
            length = WriteCompact(fresh, rows, lastVersion);
        }
        catch
        {
            // A full disk is the likeliest cause: give the space back.
            File.Delete(fresh);
            throw;
        }
        // Some systems do not rename over an open file.
        file?.Dispose();
        file = null;
        disk.Move(fresh, path);
        Length = SealedLength = length;
        tailIsDirty = false;
        // The rename itself must be durable before records that exist only in the new file are acknowledged; the file systems in use log it with the file.
        disk.Flush(Handle);
    }

    public void Dispose() => file?.Dispose();

    private long WriteCompact(string fresh, IEnumerable<RowEffect> rows, long lastVersion)
    {
        using var target = disk.Open(fresh, FileMode.Create);
        long length = JournalFormat.HeaderLength;
        PartitionName? partition = null;
        Begin();
        foreach (var row in rows)
        {
            JournalPayload.Write(buffer, row, ref partition);
            if (buffer.Length < ChunkBytes) continue;
            length += WriteRecord(target, length);
            partition = null;
            Begin();
        }
        if (buffer.Length > JournalFormat.FrameLength) length += WriteRecord(target, length);
        Span<byte> header = stackalloc byte[JournalFormat.HeaderLength];
        JournalFormat.WriteHeader(header, length, lastVersion);
        disk.Write(target, header, 0);
        disk.Flush(target);
        return length;
    }

    private int WriteRecord(SafeFileHandle target, long offset)
    {
        var record = buffer.Written;
        JournalFormat.WriteFrame(record, offset, record[JournalFormat.FrameLength..]);
        disk.Write(target, record, offset);
        return record.Length;
    }
}
