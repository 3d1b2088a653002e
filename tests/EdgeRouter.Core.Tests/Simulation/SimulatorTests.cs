using EdgeRouter.Simulator;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Simulation;

/// <summary>The simulator is repeatable, and the policies do in it what they are for.</summary>
public sealed class SimulatorTests
{
    private static readonly Scenario OneMinute = Scenario.Standard with { Seconds = 60 };
    private static readonly Scenario WithAnOutage = Scenario.Standard with { Seconds = 200 };

    [Fact]
    public void Same_seed_same_table_and_plot()
    {
        var first = Run(OneMinute, 7);
        var second = Run(OneMinute, 7);

        Assert.Equal(PolicyReport.Table(first), PolicyReport.Table(second));
        Assert.Equal(SvgPlot.Draw(first), SvgPlot.Draw(second));
        Assert.NotEqual(PolicyReport.Table(first), PolicyReport.Table(Run(OneMinute, 8)));
    }

    [Fact]
    public void Default_is_cheapest_value_is_quickest_and_health_ends_hammering_whatever_the_seed()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var reports = Run(WithAnOutage, seed).ToDictionary(report => report.Policy);
            var (usual, value, p2c, blind) = (reports["default"], reports["value"], reports["p2c"], reports["round-robin"]);

            Assert.True(usual.DollarsPerThousand < value.DollarsPerThousand && value.DollarsPerThousand < p2c.DollarsPerThousand);
            Assert.True(value.P95 < usual.P95 && value.P95 < blind.P95 && value.P95 < p2c.P95);
            Assert.All([usual, value, p2c], report => Assert.True(report.FailedCallsPerThousand < blind.FailedCallsPerThousand / 2));
            Assert.All([usual, value, p2c], report => Assert.Equal(0, report.HammeringPerThousand));
            Assert.All([usual, value, p2c], report => Assert.Equal(0, report.ErrorRate));
        }
    }

    [Fact]
    public void Plot_is_well_formed_and_shows_every_policy()
    {
        var plot = System.Xml.Linq.XDocument.Parse(SvgPlot.Draw(Run(Scenario.Standard with { Seconds = 20 }, 1)));

        foreach (var policy in SimulatedPolicy.All) Assert.Contains(plot.Descendants(), element => element.Value == policy.Name);
    }

    [Fact]
    public void The_documents_show_every_policy_and_figure_and_the_plot()
    {
        var page = File.ReadAllText(RepositoryRoot.Of("docs", "routing.md"));
        var lines = PolicyReport.Table([.. SimulatedPolicy.All.Select(policy => new PolicyReport(policy.Name))]).Split('\n');

        Assert.Contains($"<!-- simulation: begin -->\n{lines[0]}\n{lines[1]}\n", page, StringComparison.Ordinal);
        var plot = File.ReadAllText(RepositoryRoot.Of("tests", "EdgeRouter.Simulator", "simulation.svg"));
        foreach (var policy in SimulatedPolicy.All)
        {
            Assert.Contains($"\n| {policy.Name} | ", page, StringComparison.Ordinal);
            Assert.Contains($">{policy.Name}<", plot, StringComparison.Ordinal);
        }
    }

    private static PolicyReport[] Run(Scenario scenario, int seed) =>
        [.. SimulatedPolicy.All.Select(policy => EdgeRouter.Simulator.Simulation.Run(scenario, policy, seed))];
}
