using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>A catalog file of the operator, wherever it is kept. One thread polls; others may read at the same time.</summary>
internal interface ICatalogFile
{
    /// <summary>Name for people. Holds no query string, which may be a credential.</summary>
    string Name { get; }

    /// <summary>How often to poll it.</summary>
    TimeSpan Period { get; }

    /// <summary>Why it was loaded from its copy at start; null: it was not.</summary>
    CatalogException? LoadedFromCopyBecause { get; }

    /// <summary>Prepares the first <see cref="Read"/>. Waits for servers no longer than the token allows; some seconds more for a copy.</summary>
    /// <param name="copies">Where copies are.</param>
    /// <param name="cancellationToken">Ends the wait for servers.</param>
    /// <exception cref="CatalogException">It cannot be read, and there is no copy.</exception>
    Task OpenAsync(CatalogCopies copies, CancellationToken cancellationToken);

    /// <summary>Whether it has changed since the last poll.</summary>
    /// <exception cref="CatalogException">It cannot be read now.</exception>
    ValueTask<bool> CheckForChangeAsync(CancellationToken cancellationToken);

    /// <summary>What it holds.</summary>
    /// <exception cref="CatalogException">It cannot be read.</exception>
    CatalogDocument Read();

    /// <summary>Stores a copy for a start without its server, unless the copy is up to date. Throws what the store throws.</summary>
    ValueTask KeepAsync(CatalogCopies copies, CancellationToken cancellationToken);
}
