namespace EdgeRouter.Core.Catalog;

/// <summary>The catalog in force, and its replacement while requests run. Thread-safe.</summary>
public sealed class ReloadableCatalog : ICatalog
{
    private readonly ICatalogSource source;
    private readonly Lock reloading = new();
    private volatile CatalogSnapshot current;
    private Action<CatalogSnapshot>? replacing;

    /// <summary>Loads the first snapshot.</summary>
    /// <param name="source">Is read once now and once per reload.</param>
    /// <exception cref="CatalogException">The catalog cannot be loaded: there is nothing to fall back to.</exception>
    public ReloadableCatalog(ICatalogSource source)
    {
        this.source = source;
        current = Load();
    }

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
                replacing?.Invoke(current);
                current = loaded;
                return [];
            }
            catch (CatalogException fault)
            {
                return fault.Errors;
            }
        }
    }

    /// <inheritdoc/>
    public void BeforeReplacing(Action<CatalogSnapshot> listener)
    {
        lock (reloading) replacing += listener;
    }

    private CatalogSnapshot Load()
    {
        var loaded = CatalogLoader.Load(source.Read());
        source.Check(loaded);
        return loaded;
    }
}
