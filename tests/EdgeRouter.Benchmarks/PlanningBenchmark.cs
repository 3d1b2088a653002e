using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.TestSupport.Routing;

namespace EdgeRouter.Benchmarks;

/// <summary>
/// Planning over 400 models and 4,000 endpoints, every one of them with statistics. The committed ceilings: a plain request under 10 microseconds
/// (<c>scripts/bench.sh planning</c> fails above it), and no bytes beyond the plan itself (PlanningAllocationTests in EdgeRouter.Core.Tests).
/// </summary>
[MemoryDiagnoser]
public class PlanningBenchmark
{
    private readonly CatalogSnapshot catalog = SampleCatalog.Create(models: 400, endpointsPerModel: 10);
    private readonly Random random = new(1);
    private RoutePlanner planner = null!;
    private RequestFacts[] plain = null!;
    private RequestFacts[] value = null!;
    private RequestFacts[] conversation = null!;
    private int next;

    [GlobalSetup]
    public void Setup()
    {
        var health = new HealthRegistry(TimeProvider.System, new Random(2));
        foreach (var model in catalog.Models)
            foreach (var endpoint in model.Endpoints) SampleCatalog.GiveHistory(health.Of(endpoint), random);
        var policy = new RoutingPolicy
        {
            CarriedByWire = new Dictionary<string, RequestParameters>
            {
                [WireNames.OpenAIChat] = (RequestParameters)ulong.MaxValue
            }.ToFrozenDictionary()
        };
        planner = new RoutePlanner(BuiltInOrderings.With(), policy, health, new PromptAffinity(TimeProvider.System));
        plain = [.. catalog.Models.Select(model => new RequestFacts { Model = model.Id, TextBytes = 4000 })];
        value = [.. catalog.Models.Select(model =>
            new RequestFacts { Model = model.Id, TextBytes = 4000, Preferences = new ProviderPreferences { Sort = "value" } })];
        conversation = [.. catalog.Models.Select(model => new RequestFacts { Model = model.Id, TextBytes = 4000, SessionId = "session" })];
    }

    [Benchmark(Baseline = true)]
    public RoutePlan Plain() => planner.Plan(plain[Turn()], catalog, random);

    [Benchmark]
    public RoutePlan ByValue() => planner.Plan(value[Turn()], catalog, random);

    [Benchmark]
    public RoutePlan InConversation() => planner.Plan(conversation[Turn()], catalog, random);

    [Benchmark]
    public RoutePlan Explained() => planner.Plan(value[Turn()], catalog, random, explain: true);

    private int Turn() => next = (next + 1) % plain.Length;
}
