using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// The file operations of the journal, in one place so that tests can make each of them fail. All throw <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal class JournalDisk
{
    public virtual SafeFileHandle Open(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public virtual void Truncate(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);
}
