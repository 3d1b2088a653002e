using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>A catalog file of the operator, wherever it is kept. One thread looks at a time; others may read meanwhile.</summary>
internal interface ICatalogFile
{
    /// <summary>Name for people. Holds no query string, which may be a credential.</summary>
    string Name { get; }

    /// <summary>How often to look at it.</summary>
    TimeSpan Period { get; }

    /// <summary>Whether it has changed since the last look.</summary>
    /// <exception cref="CatalogException">That cannot be told now.</exception>
    ValueTask<bool> LookAsync(CancellationToken cancellationToken);

    /// <summary>What it holds. May block at the first call, as long as the file's own bounds allow.</summary>
    /// <exception cref="CatalogException">It cannot be read.</exception>
    CatalogDocument Read();
}
