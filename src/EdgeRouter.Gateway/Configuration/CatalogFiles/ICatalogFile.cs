using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>A catalog file of the operator, wherever it is kept. One thread looks at a time; others may read meanwhile.</summary>
internal interface ICatalogFile
{
    /// <summary>Name for people. Holds no query string, which may be a credential.</summary>
    string Name { get; }

    /// <summary>How often to look at it.</summary>
    TimeSpan Period { get; }

    /// <summary>Why the start had to do with a copy; null: it did not.</summary>
    CatalogException? StartFault { get; }

    /// <summary>Prepares the first <see cref="Read"/>. Waits for servers no longer than the token allows; some seconds more for a copy.</summary>
    /// <param name="copies">Where copies are.</param>
    /// <param name="cancellationToken">Ends the wait for servers.</param>
    /// <exception cref="CatalogException">It cannot be read, and there is no copy.</exception>
    Task OpenAsync(CatalogCopies copies, CancellationToken cancellationToken);

    /// <summary>Whether it has changed since the last look.</summary>
    /// <exception cref="CatalogException">That cannot be told now.</exception>
    ValueTask<bool> LookAsync(CancellationToken cancellationToken);

    /// <summary>What it holds.</summary>
    /// <exception cref="CatalogException">It cannot be read.</exception>
    CatalogDocument Read();

    /// <summary>Keeps what it holds for a start without its server, unless that is kept already. Throws what the store throws.</summary>
    ValueTask KeepAsync(CatalogCopies copies, CancellationToken cancellationToken);
}
