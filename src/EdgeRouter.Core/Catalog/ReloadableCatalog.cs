namespace EdgeRouter.Core.Catalog;

/// <summary>The catalog in force, and its replacement while requests run. Thread-safe.</summary>
public sealed class ReloadableCatalog : ICatalog
{
    private readonly Func<CatalogSources> readSources;
    private readonly Action<CatalogSnapshot> check;
    private readonly Lock reloading = new();
    private volatile CatalogSnapshot current;

    /// <summary>Loads the first snapshot.</summary>
    /// <param name="readSources">Reads files and settings afresh; called once now and once a reload.</param>
    /// <param name="check">Throws a <see cref="CatalogException"/> for a snapshot that may not come into force; null: each may.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded: there is nothing to fall back to.</exception>
    public ReloadableCatalog(Func<CatalogSources> readSources, Action<CatalogSnapshot>? check = null)
    {
        this.readSources = readSources;
        this.check = check ?? (static _ => { });
        current = Load();
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
                current = Load();
                return [];
            }
            catch (CatalogException fault)
            {
                return fault.Errors;
            }
        }
    }

    private CatalogSnapshot Load()
    {
        var loaded = CatalogLoader.Load(readSources());
        check(loaded);
        return loaded;
    }
}
