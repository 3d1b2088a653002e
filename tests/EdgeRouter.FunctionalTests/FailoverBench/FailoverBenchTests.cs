using System.Text;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.FailoverBench;

/// <summary>All 16 faults, streaming and not. Each is played once; the table in docs/failover.md tells what was seen.</summary>
public sealed class FailoverBenchTests(FailoverBenchTests.Bench bench) : IClassFixture<FailoverBenchTests.Bench>
{
    public static TheoryData<string, bool> EveryScenario
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var scenario in Scenarios.All)
            {
                if (scenario.Stream is not null) data.Add(scenario.Id, true);
                if (scenario.Whole is not null) data.Add(scenario.Id, false);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryScenario))]
    public async Task Scenario_ends_as_it_should(string id, bool stream)
    {
        var scenario = Scenarios.All.Single(scenario => scenario.Id == id);

        Assert.Equal(stream ? scenario.Stream : scenario.Whole, await bench.SeenAsync(id, stream));
    }

    [Fact]
    public async Task Table_in_the_documents_tells_what_was_seen()
    {
        var table = new StringBuilder("| | fault | streaming | calls | not streaming | calls |\n|---|---|---|---|---|---|\n");
        foreach (var scenario in Scenarios.All)
        {
            table.Append($"| {scenario.Id} | {scenario.Fault} ");
            foreach (var stream in (bool[])[true, false])
                table.Append((stream ? scenario.Stream : scenario.Whole) is null ? "| - | - " : Cells(await bench.SeenAsync(scenario.Id, stream)));
            table.Append("|\n");
        }
        DocumentSection.Check("docs/failover.md", "failover-bench", table.ToString());
    }

    private static string Cells(Sighting seen) => $"| {seen.Outcome} | {seen.Calls.Primary} + {seen.Calls.Fallback} ";

    /// <summary>Plays the scenarios, a few at a time, since some of them wait.</summary>
    public sealed class Bench : IAsyncLifetime
    {
        private const int AtOnce = 6;
        private readonly Dictionary<(string Id, bool Stream), Task<Sighting>> runs = [];
        private readonly SemaphoreSlim places = new(AtOnce);

        public ValueTask InitializeAsync()
        {
            foreach (var row in EveryScenario)
            {
                var (id, stream) = row.Data;
                runs[(id, stream)] = PlayAsync(Scenarios.All.Single(scenario => scenario.Id == id), stream);
            }
            return ValueTask.CompletedTask;
        }

        internal Task<Sighting> SeenAsync(string id, bool stream) => runs[(id, stream)];

        public async ValueTask DisposeAsync()
        {
            foreach (var run in runs.Values) await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            places.Dispose();
        }

        private async Task<Sighting> PlayAsync(Scenario scenario, bool stream)
        {
            await places.WaitAsync();
            try
            {
                return await ScenarioRun.PlayAsync(scenario, stream);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
