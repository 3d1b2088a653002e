using Microsoft.Win32.SafeHandles;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>Keeps other processes out of a store's folder until disposed. The operating system lets go of it when the process dies.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly SafeFileHandle handle;

    private FolderLock(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Throws <see cref="StorageUnavailableException"/> when the folder is taken or cannot be written.</summary>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(File.OpenHandle(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(
                $"The storage folder '{folder}' cannot be taken: it is in use by another process, or not writable. Each process needs a folder of its own.",
                error);
        }
    }

    public void Dispose() => handle.Dispose();
}
