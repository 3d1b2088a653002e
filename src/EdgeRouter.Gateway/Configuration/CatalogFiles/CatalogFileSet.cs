namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>The operator's catalog files, in the order of the setting, and the connections to those that are elsewhere.</summary>
internal sealed class CatalogFileSet : IDisposable
{
    private readonly HttpMessageInvoker? client;

    private CatalogFileSet(IReadOnlyList<ICatalogFile> files, HttpMessageInvoker? client)
    {
        Files = files;
        this.client = client;
    }

    /// <summary>The files; later ones win.</summary>
    public IReadOnlyList<ICatalogFile> Files { get; }

    /// <summary>Opens none of them yet.</summary>
    public static CatalogFileSet Of(RouterSettings settings, CatalogTokens? tokens)
    {
        if (!settings.CatalogFiles.Any(CatalogUrl.Is)) return new([.. settings.CatalogFiles.Select(path => new LocalCatalogFile(path))], null);
        var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // What a redirect names is not what the operator named.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // An address that changes is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        return new([.. settings.CatalogFiles.Select(ICatalogFile (file) => CatalogUrl.Is(file)
            ? new RemoteCatalogFile(new Uri(file), settings.CatalogRefresh, http, tokens, TimeProvider.System)
            : new LocalCatalogFile(file))], http);
    }

    /// <summary>Closes connections.</summary>
    public void Dispose() => client?.Dispose();
}
