using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>A planner with health and affinity on a virtual clock, over one model, acme/one.</summary>
internal sealed class PlannerFixture
{
    private readonly RoutePlanner planner;

    public PlannerFixture(params Func<Model, Endpoint>[] endpoints)
        : this(CatalogOf(Model("acme/one", endpoints))) { }

    public PlannerFixture(CatalogSnapshot catalog)
    {
        Catalog = catalog;
        Health = new HealthRegistry(Time, new Random(5));
        Affinity = new PromptAffinity(Time);
        planner = new RoutePlanner(BuiltInOrderings.With(), Policy, Health, Affinity, new NotedFaults(Faults));
    }

    public VirtualTimeProvider Time { get; } = new();

    public CatalogSnapshot Catalog { get; }

    public HealthRegistry Health { get; }

    public PromptAffinity Affinity { get; }

    public List<Exception> Faults { get; } = [];

    public Endpoint this[string tag] => Catalog.Models.SelectMany(model => model.Endpoints).First(endpoint => endpoint.Tag == tag);

    public RoutePlan Plan(RequestFacts request, int seed = 1, bool explain = false) => planner.Plan(request, Catalog, new Random(seed), explain);

    /// <summary>Tags of the plan.</summary>
    public string[] Order(RequestFacts request, int seed = 1) => Tags(Plan(request, seed));

    /// <summary>How often each endpoint stands first, over so many plans.</summary>
    public Dictionary<string, double> Firsts(RequestFacts request, int plans = 5000)
    {
        var random = new Random(99);
        var firsts = new Dictionary<string, double>();
        for (var i = 0; i < plans; i++)
        {
            var first = planner.Plan(request, Catalog, random).Candidates[0].Tag;
            firsts[first] = firsts.GetValueOrDefault(first) + 1.0 / plans;
        }
        return firsts;
    }

    /// <summary>So many answers of this kind, now; then the clock goes on so far that figures are worked out anew.</summary>
    public void Answers(string tag, int count, double firstToken = 1, double tokensPerSecond = 50, ToolCallQuality tools = ToolCallQuality.None)
    {
        var health = Health.Of(this[tag]);
        for (var i = 0; i < count; i++)
        {
            var ticket = health.AttemptStarted(lastResort: true);
            health.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(firstToken));
            health.AttemptEnded(ref ticket,
                new AttemptReport(AttemptResult.Answered)
                {
                    Duration = TimeSpan.FromSeconds(10),
                    Output = new OutputAmount((long)(tokensPerSecond * 10), OutputUnit.Tokens),
                    ToolCalls = tools
                });
        }
        Time.Advance(TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Answers of 10 seconds, each with so much output a second.</summary>
    public void Answers(string tag, params OutputAmount[] perSecond)
    {
        var health = Health.Of(this[tag]);
        foreach (var (value, unit) in perSecond)
        {
            var ticket = health.AttemptStarted(lastResort: true);
            health.AttemptEnded(ref ticket,
                new AttemptReport(AttemptResult.Answered) { Duration = TimeSpan.FromSeconds(10), Output = new OutputAmount(value * 10, unit) });
        }
        Time.Advance(TimeSpan.FromMilliseconds(300));
    }

    public void Fails(string tag, int count, AttemptResult result = AttemptResult.ServerFault, TimeSpan? retryAfter = null)
    {
        var health = Health.Of(this[tag]);
        for (var i = 0; i < count; i++)
        {
            var ticket = health.AttemptStarted(lastResort: true);
            health.AttemptEnded(ref ticket, new AttemptReport(result) { RetryAfter = retryAfter });
        }
        Time.Advance(TimeSpan.FromMilliseconds(300));
    }

    public static RequestFacts Request(string? sort = null, string? session = null, ProviderPreferences? preferences = null) => new()
    {
        Model = "acme/one",
        SessionId = session,
        TextBytes = 4000,
        Preferences = (preferences ?? ProviderPreferences.None) with { Sort = sort },
    };
}
