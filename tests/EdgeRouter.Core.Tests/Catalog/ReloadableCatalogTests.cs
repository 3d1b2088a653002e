using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport.Catalog;
using Xunit;
using static EdgeRouter.Core.Tests.Catalog.CatalogFixture;

namespace EdgeRouter.Core.Tests.Catalog;

public sealed class ReloadableCatalogTests
{
    [Fact]
    public void A_bad_first_load_throws() => Assert.Throws<CatalogException>(() => new ReloadableCatalog(new ChangingSource(() => Sources("[]"))));

    [Fact]
    public void A_good_reload_swaps_the_snapshot()
    {
        var document = Model();
        var catalog = new ReloadableCatalog(new ChangingSource(() => Sources(document)));
        var first = catalog.Current;
        document = Model(id: "acme/two");
        Assert.Empty(catalog.Reload());
        Assert.NotNull(catalog.Current.FindModel("acme/two"));
        Assert.NotNull(first.FindModel("acme/one"));
        Assert.Null(first.FindModel("acme/two"));
    }

    [Fact]
    public void A_bad_reload_keeps_the_last_good_snapshot_and_returns_the_faults()
    {
        var document = Model();
        var catalog = new ReloadableCatalog(new ChangingSource(() => Sources(document)));
        var first = catalog.Current;
        document = Model(", \"name\": 1");
        Assert.Equal("models[0].name", Assert.Single(catalog.Reload()).Path);
        Assert.Same(first, catalog.Current);
    }

    [Fact]
    public void A_file_that_went_missing_is_a_fault_of_the_reload()
    {
        var missing = false;
        var catalog = new ReloadableCatalog(new ChangingSource(() => missing
            ? Sources() with { Documents = [CatalogDocument.FromFile("no-such-catalog.json")] } : Sources(Model())));
        missing = true;
        Assert.Equal("no-such-catalog.json", Assert.Single(catalog.Reload()).Document);
        Assert.NotNull(catalog.Current.FindModel("acme/one"));
    }
}
