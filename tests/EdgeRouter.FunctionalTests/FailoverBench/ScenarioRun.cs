using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.FailoverBench;

/// <summary>
/// A scenario under way, on real sockets: asks, keeps what callers got and when providers were called, and checks what the bench checks of every
/// scenario.
/// </summary>
internal sealed class ScenarioRun : IAsyncDisposable
{
    /// <summary>The bench lets a caller wait this long for the first token. That every answer ends within it is more than that.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly TestEnvironment environment = new();
    private readonly VirtualTimeProvider? virtualClock;
    private readonly List<string> outcomes = [];
    private readonly List<TimeSpan> primaryCalls = [];
    private readonly bool stream;
    private decimal told;

    private ScenarioRun(Scenario scenario, bool stream)
    {
        this.stream = stream;
        virtualClock = scenario.VirtualClock ? new VirtualTimeProvider() : null;
    }

    public StubProvider Primary => environment["primary"];

    private StubProvider? Fallback { get; set; }

    private TimeProvider Clock => virtualClock ?? TimeProvider.System;

    /// <summary>Plays a scenario from its start to its end.</summary>
    public static async Task<Sighting> PlayAsync(Scenario scenario, bool stream)
    {
        await using var run = new ScenarioRun(scenario, stream);
        await run.StartAsync(scenario);
        await scenario.Script(run);
        run.AssertNoHammering();
        await run.AssertAccountedAsync();
        return new Sighting((run.Primary.Requests.Count, run.Fallback?.Requests.Count ?? 0), run.Outcome());
    }

    /// <summary>Asks, so many times, one after the other.</summary>
    public async Task AskAsync(int times = 1)
    {
        for (var i = 0; i < times; i++) outcomes.Add(await AskOnceAsync());
    }

    /// <summary>The primary was not called again sooner than it wished.</summary>
    public void AssertGapOfAtLeast(TimeSpan least)
    {
        for (var i = 1; i < primaryCalls.Count; i++)
            Assert.True(primaryCalls[i] - primaryCalls[i - 1] >= least, $"Called again after {primaryCalls[i] - primaryCalls[i - 1]}.");
    }

    /// <summary>Moves the virtual clock.</summary>
    public void Advance(TimeSpan by) => virtualClock!.Advance(by);

    /// <summary>Asks every second until the primary answers, which it must do within <paramref name="limit"/>.</summary>
    public async Task AskUntilPrimaryServesAsync(TimeSpan limit)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            await AskAsync();
            if (outcomes[^1].EndsWith("primary", StringComparison.Ordinal)) return;
            Assert.True(waited < limit, $"The primary did not serve again within {limit}.");
            Advance(TimeSpan.FromSeconds(1));
            waited += TimeSpan.FromSeconds(1);
        }
    }

    public ValueTask DisposeAsync() => environment.DisposeAsync();

    private async Task StartAsync(Scenario scenario)
    {
        var primary = await environment.AddAsync("primary", scenario.Primary);
        if (scenario.Fallback is not null) Fallback = await environment.AddAsync("fallback", scenario.Fallback);
        environment.Catalog.AddModel(TestEnvironment.Model,
            [TestCatalog.Endpoint(primary, more: scenario.PrimaryEndpoint), .. Fallback is null ? [] : (JsonObject[])[TestCatalog.Endpoint(Fallback)]]);
        await environment.StartRouterAsync(services =>
        {
            // The breakers' jitter is drawn from this one, by one request at a time.
            services.AddSingleton(new Random(1));
            if (virtualClock is not null) services.AddSingleton<TimeProvider>(virtualClock);
        });
    }

    private async Task<string> AskOnceAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        var callsBefore = Primary.Requests.Count;
        var at = Clock.GetTimestamp();
        var answer = await environment.ChatAsync(stream);
        // A virtual clock stands still while a request runs.
        foreach (var call in Primary.Requests.Skip(callsBefore)) primaryCalls.Add(Clock.GetElapsedTime(0, virtualClock is null ? call.ReceivedTimestamp : at));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, LongestWait);
        Assert.InRange(answer.Attempts, 1, 6);
        told += answer.Usage?["cost"]?.GetValue<decimal>() ?? 0;
        return Describe(answer);
    }

    /// <summary>An answer is whole, or says that it is not. Everything else is a lie, whatever the status.</summary>
    private string Describe(CallerAnswer answer)
    {
        if (answer.Status != 200)
        {
            Assert.Equal(answer.Status, answer.Error!["code"]!.GetValue<int>());
            return $"error {answer.Status} {answer.Error["metadata"]!["error_type"]!.GetValue<string>()}";
        }
        if (answer.Error is null)
        {
            Assert.Equal(Faults.WholeText, answer.Text);
            Assert.Equal("stop", answer.FinishReason);
            Assert.Equal(stream, answer.IsDone);
            return $"answered by the {answer.Header("X-EdgeRouter-Provider")}";
        }
        Assert.False(answer.IsDone);
        Assert.Equal("error", answer.FinishReason);
        Assert.StartsWith(answer.Text, Faults.WholeText, StringComparison.Ordinal);
        return $"{answer.Text.Split(' ').Length - 1} chunks, then an error event";
    }

    /// <summary>At most 2 calls of a provider that fails in any 1.5 s, and 4 in any 3 s.</summary>
    private void AssertNoHammering()
    {
        foreach (var (window, most) in ((double, int)[])[(1.5, 2), (3, 4)])
            foreach (var start in primaryCalls)
                Assert.InRange(primaryCalls.Count(call => call >= start && call <= start + TimeSpan.FromSeconds(window)), 1, most);
    }

    /// <summary>Every call of a provider is in exactly one record, and the records' sum is what the callers were told.</summary>
    private async Task AssertAccountedAsync()
    {
        await Eventually.TrueAsync(() => environment.Tap.Records.Count == outcomes.Count, "every request to have its record");
        var records = environment.Tap.Records;
        var attempts = records.SelectMany(record => record.Attempts).ToArray();
        foreach (var provider in Fallback is null ? (StubProvider[])[Primary] : [Primary, Fallback])
            Assert.Equal(provider.Requests.Count, attempts.Count(attempt => attempt.ProviderName == TestCatalog.NameOf(provider)));
        Assert.All(records, record => Assert.InRange(record.Attempts.Count, 1, 6));
        Assert.Equal(told, records.Sum(record => record.Cost.ToDollars()) - attempts.Sum(attempt => attempt.Cost.ToDollars()));
    }

    private string Outcome()
    {
        var groups = new List<(string Outcome, int Count)>();
        foreach (var outcome in outcomes)
            if (groups.Count > 0 && groups[^1].Outcome == outcome) groups[^1] = (outcome, groups[^1].Count + 1);
            else groups.Add((outcome, 1));
        const int MostInTheTable = 3;
        return groups.Count > MostInTheTable && groups.TrueForAll(group => group.Outcome.StartsWith("answered", StringComparison.Ordinal))
            ? $"{outcomes.Count} of {outcomes.Count} answered"
            : string.Join(", ", groups.Select(group => group.Count == 1 ? group.Outcome : $"{group.Count} × {group.Outcome}"));
    }
}
