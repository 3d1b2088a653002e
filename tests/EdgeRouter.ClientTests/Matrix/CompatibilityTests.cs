using System.Text;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary>The table of <c>docs/compatibility.md</c> is that of the cells which <see cref="MatrixTests"/> tries.</summary>
public sealed class CompatibilityTests
{
    [Fact]
    public void Table_of_the_documentation_is_what_the_matrix_tries()
    {
        var scenarios = Enum.GetValues<Scenario>();
        var table = new StringBuilder("| caller API | wire | ").AppendJoin(" | ", scenarios.Select(Heading)).Append(" |\n|---|---|");
        foreach (var _ in scenarios) table.Append("---|");
        table.Append('\n');
        foreach (var (caller, wire) in MatrixCaller.All.SelectMany(_ => MatrixTests.Wires, (caller, wire) => (caller, wire)))
            table.Append($"| {caller.Name} | `{wire}` | ").AppendJoin(" | ", scenarios.Select(scenario => caller.Has(scenario) ? "yes" : "-")).Append(" |\n");
        DocumentSection.Check("docs/compatibility.md", "matrix", table.ToString());
    }

    private static string Heading(Scenario scenario) => scenario switch
    {
        Scenario.Text => "text",
        Scenario.Tool => "a tool",
        Scenario.ParallelTools => "two tools at once",
        Scenario.Image => "image",
        Scenario.Structured => "JSON Schema",
        Scenario.Reasoning => "reasoning",
        Scenario.ErrorBefore => "429",
        Scenario.ErrorMidStream => "error mid-answer",
        Scenario.Abort => "caller leaves",
        _ => throw new ArgumentOutOfRangeException(nameof(scenario)),
    };
}
