using EdgeRouter.Core.Catalog;

namespace EdgeRouter.TestSupport.Catalog;

/// <summary>A source that a test changes between reloads; every snapshot may be used.</summary>
/// <param name="read">Reads it.</param>
public sealed class ChangingSource(Func<CatalogSources> read) : ICatalogSource
{
    /// <inheritdoc/>
    public CatalogSources Read() => read();

    /// <inheritdoc/>
    public void Check(CatalogSnapshot snapshot)
    {
    }
}
