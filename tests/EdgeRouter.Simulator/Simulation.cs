using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Routing;

namespace EdgeRouter.Simulator;

/// <summary>Runs one policy through a scenario: events in order of their time, on a virtual clock. The same seed gives the same report.</summary>
public sealed class Simulation
{
    private const int MostAttempts = 6;
    private static readonly TimeSpan ExchangeEvery = TimeSpan.FromSeconds(5);
    private readonly Scenario scenario;
    private readonly SimulatedPolicy policy;
    private readonly VirtualTimeProvider time = new();
    private readonly PriorityQueue<Action, (double At, long Number)> events = new();
    private readonly Dictionary<string, SimulatedUpstream> upstreams = new(StringComparer.Ordinal);
    private readonly SimulatedRouter[] routers;
    private readonly List<double> firstTokens = [];
    private readonly Random arrivals;
    private double now;
    private long scheduled;
    private int requests;
    private int failures;
    private double dollars;

    private Simulation(Scenario scenario, SimulatedPolicy policy, int seed)
    {
        this.scenario = scenario;
        this.policy = policy;
        arrivals = new Random(seed);
        var catalog = CatalogOf(scenario);
        var store = new MemoryTableStore();
        routers = [.. Enumerable.Range(0, scenario.Instances).Select(number => new SimulatedRouter(number, policy, scenario, catalog, store, time, seed))];
        for (var i = 0; i < scenario.Providers.Count; i++) upstreams.Add(scenario.Providers[i].Tag, new SimulatedUpstream(scenario.Providers[i], i, seed));
    }

    /// <summary>Runs the scenario to its end.</summary>
    public static PolicyReport Run(Scenario scenario, SimulatedPolicy policy, int seed)
    {
        var simulation = new Simulation(scenario, policy, seed);
        simulation.Play();
        return simulation.Report();
    }

    private static CatalogSnapshot CatalogOf(Scenario scenario) =>
        SampleCatalog.OneModel("simulated/model",
            [.. scenario.Providers.Select(provider => (provider.Tag, provider.Price / 1_000_000m, provider.Price * 3 / 1_000_000m))]);

    private void Play()
    {
        At(0, Arrive);
        for (var i = 0; i < routers.Length; i++)
            if (routers[i] is { Exchange: not null } router) At((i + 1) * ExchangeEvery.TotalSeconds / routers.Length, () => Exchange(router));
        while (events.TryDequeue(out var next, out var due))
        {
            time.Advance(TimeSpan.FromSeconds(due.At - now));
            now = due.At;
            next();
        }
    }

    private void At(double when, Action action) => events.Enqueue(action, (when, scheduled++));

    private void Exchange(SimulatedRouter router)
    {
        var exchange = router.Exchange!.ExchangeAsync();
        if (!exchange.IsCompletedSuccessfully) throw new InvalidOperationException("The store in memory did not answer at once.", exchange.Exception);
        if (now < scenario.Seconds) At(now + ExchangeEvery.TotalSeconds, () => Exchange(router));
    }

    private void Arrive()
    {
        var number = requests++;
        var router = routers[number % routers.Length];
        Attempt(new Running(number, number % routers.Length, router, router.Plan().Candidates, now));
        var pause = -Math.Log(1 - arrivals.NextDouble()) / scenario.RequestsPerSecond;
        if (now + pause < scenario.Seconds) At(now + pause, Arrive);
    }

    private void Attempt(Running running)
    {
        while (running.Next < running.Candidates.Count && running.Attempts < MostAttempts)
        {
            var endpoint = running.Candidates[running.Next++];
            var health = running.Router.Health?.Of(endpoint);
            var ticket = health?.AttemptStarted(lastResort: running.Next == running.Candidates.Count) ?? default;
            if (health is not null && !ticket.Admitted) continue;
            running.Attempts++;
            var upstream = upstreams[endpoint.Tag];
            var fate = upstream.Call(running.RouterNumber, running.Number, now);
            var sent = now;
            At(now + fate.After, () => Resolve(running, upstream, health, ticket, fate, sent));
            return;
        }
        failures++;
    }

    private void Resolve(Running running, SimulatedUpstream upstream, EndpointHealth? health, AttemptTicket ticket, Fate fate, double sent)
    {
        if (fate.Result != AttemptResult.Answered)
        {
            health?.AttemptEnded(ref ticket, new AttemptReport(fate.Result) { RetryAfter = fate.RetryAfter });
            Attempt(running);
            return;
        }
        firstTokens.Add(now - running.Arrived);
        dollars += (double)upstream.Provider.Price * (scenario.PromptTokens + 3 * scenario.OutputTokens) / 1_000_000;
        if (health is null) return;
        health.FirstTokenArrived(ref ticket, TimeSpan.FromSeconds(fate.After));
        At(now + scenario.OutputTokens / upstream.Provider.TokensPerSecond, () =>
            health.AttemptEnded(ref ticket,
                new AttemptReport(AttemptResult.Answered)
                {
                    Duration = TimeSpan.FromSeconds(now - sent),
                    Output = new OutputAmount(scenario.OutputTokens, OutputUnit.Tokens),
                }));
    }

    private PolicyReport Report()
    {
        firstTokens.Sort();
        return new PolicyReport(policy.Name)
        {
            Requests = requests,
            DollarsPerThousand = dollars / requests * 1000,
            P50 = Percentile(0.50),
            P95 = Percentile(0.95),
            P99 = Percentile(0.99),
            ErrorRate = failures / (double)requests,
            FailedCallsPerThousand = upstreams.Values.Sum(upstream => upstream.FailedCalls) * 1000.0 / requests,
            HammeringPerThousand = upstreams.Values.Sum(upstream => upstream.HammeringCalls) * 1000.0 / requests,
        };
    }

    private double Percentile(double share) => firstTokens.Count == 0
        ? double.NaN : firstTokens[Math.Min(firstTokens.Count - 1, (int)(share * firstTokens.Count))];

    private sealed class Running(int number, int routerNumber, SimulatedRouter router, IReadOnlyList<Endpoint> candidates, double arrived)
    {
        public int Number => number;

        public int RouterNumber => routerNumber;

        public SimulatedRouter Router => router;

        public IReadOnlyList<Endpoint> Candidates => candidates;

        public double Arrived => arrived;

        public int Next { get; set; }

        public int Attempts { get; set; }
    }
}
