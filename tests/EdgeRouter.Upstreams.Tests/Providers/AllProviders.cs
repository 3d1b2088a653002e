using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Providers;

namespace EdgeRouter.Upstreams.Tests.Providers;

/// <summary>Sources in which every provider of the table serves.</summary>
internal static class AllProviders
{
    public static CatalogSources Sources(IReadOnlyList<CatalogDocument> documents)
    {
        var providers = ProviderTable.Read();
        return new CatalogSources
        {
            Providers = providers,
            Documents = documents,
            Settings = providers.ToDictionary(provider => provider.Slug, provider =>
            {
                var settings = new ProviderSettings { ApiKey = "key", Enabled = true };
                foreach (var variable in provider.Variables?.Keys ?? []) settings.Variables[variable] = "team";
                return settings;
            }),
        };
    }
}
