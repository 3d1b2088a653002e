using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>
/// A file of this machine or of a network share. Its time and size are polled, because notifications do not arrive from shares and in containers.
/// </summary>
internal sealed class LocalCatalogFile(string path) : ICatalogFile
{
    private (DateTime Written, long Length) seen = Look(path);

    public string Name => path;

    public TimeSpan Period => TimeSpan.FromSeconds(2);

    public CatalogException? LoadedFromCopyBecause => null;

    public Task OpenAsync(CatalogCopies copies, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<bool> CheckForChangeAsync(CancellationToken cancellationToken)
    {
        var now = Look(path);
        if (now == seen) return new(false);
        seen = now;
        return new(true);
    }

    public CatalogDocument Read() => CatalogDocument.FromFile(path);

    public ValueTask KeepAsync(CatalogCopies copies, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A missing file has a time and length that no file has.</summary>
    private static (DateTime Written, long Length) Look(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, -1);
    }
}
