using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using Xunit;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>The committed ceiling: a plan of a plain request allocates the plan (a record and an array of references) and nothing else.</summary>
public sealed class PlanningAllocationTests
{
    private const int EndpointsPerModel = 10;

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "session")]
    [InlineData("price", null)]
    [InlineData("latency", null)]
    [InlineData("throughput", null)]
    [InlineData("exacto", null)]
    [InlineData("value", null)]
    [InlineData("value", "session")]
    public void Plan_allocates_itself_and_nothing_else(string? sort, string? session)
    {
        var time = new VirtualTimeProvider();
        var catalog = SampleCatalog.Create(400, EndpointsPerModel);
        var health = new HealthRegistry(time, new Random(1));
        foreach (var endpoint in catalog.Models[0].Endpoints.Concat(catalog.Models[1].Endpoints)) SampleCatalog.GiveHistory(health.Of(endpoint), new Random(2));
        var planner = new RoutePlanner(BuiltInOrderings.With(), CatalogFixture.Policy, health, new PromptAffinity(time));
        var request = new RequestFacts
        {
            Model = catalog.Models[1].Id,
            SessionId = session,
            TextBytes = 4000,
            Preferences = new ProviderPreferences { Sort = sort }
        };
        var random = new Random(3);
        for (var i = 0; i < 100; i++) planner.Plan(request, catalog, random);

        const int Plans = 1000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Plans; i++) planner.Plan(request, catalog, random);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Plans;

        // The record: header, type and seven members. The array: header, type, length and the references.
        Assert.InRange(each, 1, 24 + 7 * 8 + 24 + EndpointsPerModel * 8);
    }
}
