namespace EdgeRouter.Core.Catalog;

/// <summary>The catalog in force, and its replacement while requests run. Thread-safe.</summary>
public sealed class ReloadableCatalog : ICatalog
{
    private readonly Func<CatalogSources> readSources;
    private readonly Lock reloading = new();
    private volatile CatalogSnapshot current;

    /// <summary>Loads the first snapshot.</summary>
    /// <param name="readSources">Reads files and settings afresh; called once now and once a reload.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded: there is nothing to fall back to.</exception>
    public ReloadableCatalog(Func<CatalogSources> readSources)
    {
        this.readSources = readSources;
        current = CatalogLoader.Load(readSources());
    }

    /// <inheritdoc/>
    public CatalogSnapshot Current => current;

    /// <summary>Loads again and swaps. When that fails, the snapshot in force stays, and the faults are returned; empty: swapped.</summary>
    public IReadOnlyList<CatalogError> Reload()
    {
        lock (reloading)
        {
            try
            {
                current = CatalogLoader.Load(readSources());
                return [];
            }
            catch (CatalogException fault)
            {
                return fault.Errors;
            }
        }
    }
}
