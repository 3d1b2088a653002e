using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport.Routing;

namespace EdgeRouter.Simulator;

/// <summary>One router instance: the production planner and health.</summary>
internal sealed class SimulatedRouter
{
    private static readonly RoutingPolicy Rules = new()
    {
        CarriedByWire = new Dictionary<string, RequestParameters> { [WireNames.OpenAIChat] = (RequestParameters)ulong.MaxValue }.ToFrozenDictionary(),
    };

    private readonly RoutePlanner planner;
    private readonly RequestFacts request;
    private readonly CatalogSnapshot catalog;
    private readonly Random random;

    public SimulatedRouter(int number, SimulatedPolicy policy, Scenario scenario, CatalogSnapshot catalog, ITableStore store, TimeProvider time, int seed)
    {
        this.catalog = catalog;
        random = new Random(HashCode(seed, number));
        Health = policy.UsesHealth ? new HealthRegistry(time, random) : null;
        Exchange = Health is null ? null : new HealthExchange(store, Health, new FixedCatalog(catalog), $"router{number}");
        planner = new RoutePlanner(BuiltInOrderings.With(new PowerOfTwoOrdering(), new RoundRobinOrdering()), Rules, Health, null, new NoFaults());
        request = new RequestFacts
        {
            Model = catalog.Models[0].Id,
            TextBytes = scenario.PromptTokens * 4L,
            MaxOutputTokens = scenario.OutputTokens,
            Preferences = new ProviderPreferences { Sort = policy.Name },
        };
    }

    /// <summary>Null: the policy keeps none.</summary>
    public HealthRegistry? Health { get; }

    public HealthExchange? Exchange { get; }

    public RoutePlan Plan() => planner.Plan(request, catalog, random);

    // Not System.HashCode, which differs at every start.
    private static int HashCode(int seed, int number) => unchecked(seed * 31 + number * 7919);

    private sealed class FixedCatalog(CatalogSnapshot snapshot) : ICatalog
    {
        public CatalogSnapshot Current => snapshot;
    }

    /// <summary>A simulation without its statistics would say nothing.</summary>
    private sealed class NoFaults : IStatisticsFaults
    {
        public void Report(Exception fault) => throw new InvalidOperationException("The statistics failed.", fault);
    }
}
