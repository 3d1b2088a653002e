using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Local;

/// <summary>Opens the store that the settings name.</summary>
internal static class LocalStore
{
    private const string DefaultStorage = "file:.edgerouter";
    private const string FilePrefix = "file:";

    /// <exception cref="SettingsException">The local host has no such store.</exception>
    public static EmbeddedTableStore Open(RouterSettings settings)
    {
        var storage = settings.Storage ?? DefaultStorage;
        if (settings.UsageQueue is not (null or "inprocess")) throw new SettingsException(["EdgeRouter__UsageQueue: the local host has only inprocess"]);
        if (storage == "memory") return EmbeddedTableStore.InMemory();
        if (!storage.StartsWith(FilePrefix, StringComparison.Ordinal) || storage.Length == FilePrefix.Length)
            throw new SettingsException(["EdgeRouter__Storage: the local host has memory and file:<folder>"]);
        return EmbeddedTableStore.Open(new EmbeddedStoreOptions
        {
            Folder = Path.GetFullPath(storage[FilePrefix.Length..]),
            FlushToDisk = settings.FlushToDisk,
            AcceptCorruption = settings.AcceptCorruption,
        });
    }
}
