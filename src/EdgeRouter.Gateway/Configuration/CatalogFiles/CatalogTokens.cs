namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>The bearer token for a catalog file's URL.</summary>
/// <param name="url">Where the file is.</param>
/// <param name="cancellationToken">Ends the wait.</param>
/// <returns>The token; null: the server is asked without one.</returns>
/// <exception cref="Core.Catalog.CatalogException">There should be a token and is none.</exception>
public delegate ValueTask<string?> CatalogTokens(Uri url, CancellationToken cancellationToken);
