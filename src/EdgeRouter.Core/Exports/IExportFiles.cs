using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>Where exports lie. A file is written once and never changed. Thread-safe.</summary>
public interface IExportFiles
{
    /// <summary>Writes a whole file. False: there is one of this name already, and it stays as it is.</summary>
    /// <param name="name">Path of the file: names of ASCII letters, digits, hyphens and points, with slashes between.</param>
    /// <param name="content">At most 16 MiB.</param>
    /// <param name="cancellationToken">Ends the wait; whether the file was written is then unknown.</param>
    /// <exception cref="StorageUnavailableException">The files cannot be reached now.</exception>
    Task<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);
}
