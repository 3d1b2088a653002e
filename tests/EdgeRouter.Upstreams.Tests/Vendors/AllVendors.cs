using EdgeRouter.Core.Catalog;
using EdgeRouter.Upstreams.Vendors;

namespace EdgeRouter.Upstreams.Tests.Vendors;

/// <summary>Sources in which every vendor of the table serves.</summary>
internal static class AllVendors
{
    public static CatalogSources Sources(IReadOnlyList<CatalogDocument> documents)
    {
        var vendors = VendorTable.Read();
        return new CatalogSources
        {
            Vendors = vendors,
            Documents = documents,
            Scripted = true,
            Settings = vendors.ToDictionary(vendor => vendor.Slug, vendor =>
            {
                var settings = new ProviderSettings { ApiKey = "key", Enabled = true };
                foreach (var variable in vendor.Variables?.Keys ?? []) settings.Variables[variable] = "team";
                return settings;
            }),
        };
    }
}
