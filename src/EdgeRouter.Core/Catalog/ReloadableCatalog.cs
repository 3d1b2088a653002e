namespace EdgeRouter.Core.Catalog;

/// <summary>The catalog in force, and its replacement while requests run. Thread-safe.</summary>
public sealed class ReloadableCatalog : ICatalog
{
    private readonly Func<CatalogSources> readSources;
    private readonly Action<CatalogSnapshot> check;
    private readonly Lock reloading = new();
    private volatile CatalogSnapshot current;

    /// <summary>Loads the first snapshot.</summary>
    /// <param name="readSources">Reads files and settings; called once now and once per reload.</param>
    /// <param name="check">Throws a <see cref="CatalogException"/> for a snapshot that must not be used; null: every snapshot may.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded: there is nothing to fall back to.</exception>
    public ReloadableCatalog(Func<CatalogSources> readSources, Action<CatalogSnapshot>? check = null)
    {
        this.readSources = readSources;
        this.check = check ?? (static _ => { });
        current = Load();
    }

    /// <inheritdoc/>
    public event Action<CatalogSnapshot>? Replacing;

    /// <inheritdoc/>
    public CatalogSnapshot Current => current;

    /// <summary>Loads again and replaces the snapshot. When that fails, the current snapshot stays and the faults are returned; empty: replaced.</summary>
    public IReadOnlyList<CatalogError> Reload()
    {
        lock (reloading)
        {
            try
            {
                var loaded = Load();
                Replacing?.Invoke(current);
                current = loaded;
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
