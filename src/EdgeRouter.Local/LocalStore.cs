using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Local;

/// <summary>The store that the settings name, with its usage inbox.</summary>
/// <param name="Tables">The store.</param>
/// <param name="Inbox">The inbox, as durable as the store.</param>
internal sealed record LocalStore(ITableStore Tables, IUsageInbox Inbox) : IAsyncDisposable
{
    private const string DefaultStorage = "file:.edgerouter";
    private const string FilePrefix = "file:";

    /// <summary>What the operator should mend, a line each.</summary>
    public IReadOnlyList<string> Warnings => Tables is EmbeddedTableStore file ? file.Warnings : [];

    /// <exception cref="SettingsException">The local host has no such store.</exception>
    public static LocalStore Open(RouterSettings settings)
    {
        var storage = settings.Storage ?? DefaultStorage;
        if (settings.UsageQueue is not (null or "inprocess"))
            throw new SettingsException(["EdgeRouter__UsageQueue: expected inprocess: the local host has no other queue"]);
        if (storage == "memory") return new LocalStore(new MemoryTableStore(), new MemoryUsageInbox());
        if (!storage.StartsWith(FilePrefix, StringComparison.Ordinal) || storage.Length == FilePrefix.Length)
            throw new SettingsException(["EdgeRouter__Storage: expected memory or file:<folder> on the local host"]);
        var store = EmbeddedTableStore.Open(new EmbeddedStoreOptions
        {
            Folder = Path.GetFullPath(storage[FilePrefix.Length..]),
            FlushToDisk = settings.FlushToDisk,
        });
        return new LocalStore(store, store.Inbox);
    }

    /// <summary>Writes what is queued and closes the store.</summary>
    public ValueTask DisposeAsync() => Tables is EmbeddedTableStore file ? file.DisposeAsync() : ValueTask.CompletedTask;
}
