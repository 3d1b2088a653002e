using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>A feed that lacks the Azure packages still builds everything else.</summary>
public sealed class AzureConfigurationTests
{
    [Fact]
    public void Azure_projects_are_built_in_the_Azure_configuration_only()
    {
        var solution = File.ReadAllLines(RepositoryRoot.Of("EdgeRouter.sln"));
        foreach (var project in (string[])["EdgeRouter.AzureAdapters", "EdgeRouter.Functions", "EdgeRouter.StandIns.Tables", "EdgeRouter.StandIns.ServiceBus",
            "EdgeRouter.StandIns.Functions", "EdgeRouter.AzureAdapters.Tests", "EdgeRouter.Functions.Tests"])
        {
            var id = solution.Single(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains($"\"{project}\"", StringComparison.Ordinal))
                .Split('"')[^2];
            var builds = solution.Where(line => line.Contains(id, StringComparison.Ordinal) && line.Contains("Build.0", StringComparison.Ordinal)).ToArray();
            Assert.Equal([$"{id}.Azure|Any CPU.Build.0 = Azure|Any CPU"], builds.Select(line => line.Trim()));
        }
    }
}
