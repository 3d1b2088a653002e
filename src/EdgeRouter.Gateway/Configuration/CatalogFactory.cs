using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Providers;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Makes the catalog from the provider table, the built-in files, the operator's files and settings, and refuses providers that this version cannot
/// speak to.
/// </summary>
internal static class CatalogFactory
{
    /// <exception cref="CatalogException">Lists every fault.</exception>
    public static ReloadableCatalog Create(RouterSettings settings, ProviderWires dialects, bool scriptedByDefault,
        Func<string, string?> environmentVariable) => new(
        () => new CatalogSources
        {
            Providers = ProviderTable.Read(),
            Documents = [.. BuiltInCatalog.ReadDocuments(), .. settings.CatalogFiles.Select(CatalogDocument.FromFile)],
            Settings = settings.Providers,
            EnvironmentVariable = environmentVariable,
            Scripted = settings.Scripted ?? scriptedByDefault,
            AllowPlainHttp = settings.Upstreams.AllowPlainHttp,
        },
        snapshot => Check(snapshot, dialects, settings));

    private static void Check(CatalogSnapshot snapshot, ProviderWires dialects, RouterSettings settings)
    {
        var errors = new List<CatalogError>();
        foreach (var provider in snapshot.Providers)
        {
            if (provider.Dialect != DialectNames.Scripted && !dialects.Contains(provider.Dialect))
                errors.Add(new CatalogError("provider", provider.Slug,
                    $"dialect {provider.Dialect} is not spoken by this version; "
                    + $"expected one of {string.Join(", ", dialects.All.Select(dialect => dialect.Name))}"));
            foreach (var fault in ProviderRules.FindFaults(provider, settings.Upstreams.AllowPlainHttp))
                errors.Add(new CatalogError("provider", provider.Slug, fault));
        }
        if (errors.Count > 0) throw new CatalogException(errors);
    }
}
