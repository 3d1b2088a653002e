using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Orderings;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

public sealed class StableSortTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(StableSort.OnStack)]
    [InlineData(StableSort.OnStack + 1)]
    [InlineData(1000)]
    public void Equals_keep_their_order_and_what_is_unknown_stands_last(int count)
    {
        var random = new Random(count);
        Endpoint[] endpoints = [.. Many(count).Endpoints];
        double[] keys = [.. endpoints.Select(_ => random.Next(10) == 0 ? double.NaN : random.Next(20))];
        var expected = endpoints.Zip(keys).OrderBy(pair => double.IsNaN(pair.Second)).ThenBy(pair => pair.Second).ToArray();

        StableSort.ByKey(keys, endpoints);

        Assert.Equal(expected.Select(pair => pair.First.Tag), endpoints.Select(endpoint => endpoint.Tag));
        Assert.Equal(expected.Select(pair => pair.Second), keys);
    }

    /// <summary>A plan over many endpoints and the longest lists allocates a few arrays of their length, and is the list's order.</summary>
    [Fact]
    public void Longest_order_over_many_endpoints_is_followed_in_linear_memory()
    {
        const int Endpoints = 2000;
        const int Listed = 256;
        var catalog = CatalogOf(Many(Endpoints));
        string[] order = [.. Enumerable.Range(0, Listed).Select(i => "p" + (Endpoints - 1 - i * 3))];
        var request = new RequestFacts { Model = "acme/one", Preferences = new ProviderPreferences { Order = order, Sort = "price" } };
        Plan(catalog, request);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var plan = Plan(catalog, request);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Endpoints * 200);
        Assert.Equal(order, Tags(plan).Take(Listed));
        Assert.Equal(Enumerable.Range(0, Endpoints).Select(i => "p" + i).Except(order), Tags(plan).Skip(Listed));
    }

    private static Model Many(int count) => Model("acme/one", [.. Enumerable.Range(0, count).Select(i => At("p" + i))]);
}
