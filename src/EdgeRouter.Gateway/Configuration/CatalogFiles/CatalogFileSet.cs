using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>The operator's catalog files, in the order of the setting, and the connections to those that are elsewhere.</summary>
public sealed class CatalogFileSet : IDisposable
{
    /// <summary>What the servers of all files have at the start. An instance has 30 seconds, and the copies need some of them.</summary>
    internal static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly HttpMessageInvoker? client;

    private CatalogFileSet(IReadOnlyList<ICatalogFile> files, CatalogCopies copies, HttpMessageInvoker? client)
    {
        Files = files;
        Copies = copies;
        this.client = client;
    }

    /// <summary>The files; later ones win.</summary>
    internal IReadOnlyList<ICatalogFile> Files { get; }

    /// <summary>What the files held last.</summary>
    internal CatalogCopies Copies { get; }

    /// <summary>
    /// Reads those that are URLs, all at once and within 25 seconds. One that cannot be read is taken from its copy in the store.
    /// </summary>
    /// <param name="settings">Which files.</param>
    /// <param name="tokens">Gives tokens for URLs; null: they are asked for without.</param>
    /// <param name="store">Where the copies are.</param>
    /// <param name="time">Clock of the waits.</param>
    /// <exception cref="CatalogException">Lists those that can be read nowhere.</exception>
    public static async Task<CatalogFileSet> OpenAsync(RouterSettings settings, CatalogTokens? tokens, ITableStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var http = settings.CatalogFiles.Any(CatalogUrl.Is) ? new HttpMessageInvoker(new SocketsHttpHandler
        {
            // What a redirect names is not what the operator named.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // An address that changes is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }) : null;
        var files = settings.CatalogFiles.Select(ICatalogFile (file) => CatalogUrl.Is(file)
            ? new RemoteCatalogFile(new Uri(file), settings.CatalogRefresh, http!, tokens, time) : new LocalCatalogFile(file));
        var opened = new CatalogFileSet([.. files], new CatalogCopies(store), http);
        using var deadline = new CancellationTokenSource(StartTimeout, time);
        var faults = await Task.WhenAll(opened.Files.Select(file => TryOpenAsync(file, opened.Copies, deadline.Token)));
        if (Array.TrueForAll(faults, static errors => errors.Count == 0)) return opened;
        opened.Dispose();
        throw new CatalogException([.. faults.SelectMany(static errors => errors)]);
    }

    /// <summary>Closes connections.</summary>
    public void Dispose() => client?.Dispose();

    private static async Task<IReadOnlyList<CatalogError>> TryOpenAsync(ICatalogFile file, CatalogCopies copies, CancellationToken deadline)
    {
        try
        {
            await file.OpenAsync(copies, deadline);
            return [];
        }
        catch (CatalogException fault)
        {
            return fault.Errors;
        }
    }
}
