namespace EdgeRouter.Core.Catalog;

/// <summary>What a catalog is loaded from, and what must hold of it. One thread uses it at a time.</summary>
public interface ICatalogSource
{
    /// <summary>Reads files and settings.</summary>
    /// <exception cref="CatalogException">They cannot be read.</exception>
    CatalogSources Read();

    /// <summary>Refuses a snapshot that must not be used.</summary>
    /// <exception cref="CatalogException">It must not; lists every fault.</exception>
    void Check(CatalogSnapshot snapshot);
}
