using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Tests.Secrets;

internal sealed class FixedCatalog(CatalogSnapshot snapshot) : ICatalog
{
    public CatalogSnapshot Current { get; set; } = snapshot;
}
