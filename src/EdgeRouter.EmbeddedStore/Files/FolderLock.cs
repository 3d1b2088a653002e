using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Files;

/// <summary>Keeps other processes out of a store's folder until disposed. The operating system lets go of it when the process dies.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Makes the folder when it is missing, and takes it.</summary>
    /// <exception cref="StorageUnavailableException">The folder is taken, or cannot be written.</exception>
    /// <exception cref="StoreRefusedException">Its lock file is a symbolic link.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
            return new FolderLock(PrivateFiles.Open(Path.Combine(folder, "lock"), FileMode.OpenOrCreate));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(
                $"The storage folder '{folder}' cannot be taken: it is in use by another process, or not writable. Each process needs a folder of its own.",
                error);
        }
    }

    public void Dispose() => file.Dispose();
}
