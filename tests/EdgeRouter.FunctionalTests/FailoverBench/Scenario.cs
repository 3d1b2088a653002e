using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.FailoverBench;

/// <summary>One fault of the bench, and what must come of it.</summary>
/// <param name="Id">S01 to S16.</param>
/// <param name="Fault">What goes wrong, for people.</param>
/// <param name="Primary">How the provider that is tried first answers.</param>
internal sealed record Scenario(string Id, string Fault, ProviderAnswer Primary)
{
    /// <summary>How the other provider answers; null: there is none.</summary>
    public ProviderAnswer? Fallback { get; init; } = Faults.None;

    /// <summary>What the catalog says of the first provider beyond the usual.</summary>
    public JsonObject? PrimaryEndpoint { get; init; }

    /// <summary>Whether the clock stands still but for what the script moves it by. Else it is the machine's.</summary>
    public bool VirtualClock { get; init; }

    /// <summary>What the callers do.</summary>
    public Func<ScenarioRun, Task> Script { get; init; } = run => run.AskAsync();

    /// <summary>What must be seen when streaming; null: the fault exists for whole answers only.</summary>
    public Sighting? Stream { get; init; }

    /// <summary>What must be seen for whole answers; null: the fault exists in streams only.</summary>
    public Sighting? Whole { get; init; }
}

/// <summary>What came of a scenario.</summary>
/// <param name="Calls">Calls that the first provider and the other one got.</param>
/// <param name="Outcome">What the callers got.</param>
internal sealed record Sighting((int Primary, int Fallback) Calls, string Outcome);
