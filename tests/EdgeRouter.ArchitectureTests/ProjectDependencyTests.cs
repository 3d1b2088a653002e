using System.Text.RegularExpressions;
using ArchUnitNET.xUnitV3;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace EdgeRouter.ArchitectureTests;

/// <summary>Which project may use which: Core ← Dialects ← Upstreams ← Gateway ← hosts, and the stores beside them.</summary>
public sealed class ProjectDependencyTests
{
    /// <summary>Direct references. What these reference themselves may be used too.</summary>
    private static readonly Dictionary<string, string[]> Permitted = new()
    {
        ["EdgeRouter.Core"] = [],
        ["EdgeRouter.EmbeddedStore"] = ["EdgeRouter.Core"],
        ["EdgeRouter.Dialects"] = ["EdgeRouter.Core"],
        ["EdgeRouter.Upstreams"] = ["EdgeRouter.Dialects"],
        ["EdgeRouter.Gateway"] = ["EdgeRouter.Upstreams"],
        // A catalog file may be a blob on this host too, which is read with an identity, and so may a provider be asked.
        ["EdgeRouter.Local"] = ["EdgeRouter.Gateway", "EdgeRouter.EmbeddedStore", "EdgeRouter.AzureAdapters"],
        // An Azure instance keeps records in a file of its own while Service Bus cannot be reached.
        ["EdgeRouter.AzureAdapters"] = ["EdgeRouter.Core", "EdgeRouter.EmbeddedStore"],
        // The stand-in is two attributes and a converter, in place of two packages that a feed may lack. What is deployed has the packages.
        ["EdgeRouter.Functions"] = ["EdgeRouter.Gateway", "EdgeRouter.AzureAdapters", "EdgeRouter.StandIns.Triggers"],
        ["EdgeRouter.Restore"] = ["EdgeRouter.AzureAdapters"],
        ["EdgeRouter.CatalogImport"] = ["EdgeRouter.Core", "EdgeRouter.Upstreams"],
    };

    private static readonly string[] AzureProjects = ["EdgeRouter.AzureAdapters", "EdgeRouter.Functions", "EdgeRouter.Restore"];
    private static readonly string[] AspNetProjects = ["EdgeRouter.Gateway", "EdgeRouter.Local", "EdgeRouter.Functions"];

    public static TheoryData<string> Projects => [.. SourceProject.All.Select(project => project.Name)];

    [Fact]
    public void Every_folder_of_src_is_a_project_of_the_solution() =>
        Assert.Equal(Directory.GetDirectories(TestSupport.RepositoryRoot.Of("src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
            SourceProject.All.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_those_it_may(string project)
    {
        Assert.True(Permitted.ContainsKey(project), $"{project} has no line in the table of dependencies.");
        Assert.Empty(Find(project).References.Except(Permitted[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_use_only_projects_below_theirs(string project)
    {
        var below = new HashSet<string> { project };
        AddBelow(project, below);
        var others = SourceProject.All.Select(other => other.Name).Where(other => !below.Contains(other)).ToList();
        foreach (var other in others)
        {
            Types().That().ResideInAssembly(Assembly(project)).Should().NotDependOnAny(Types().That().ResideInAssembly(Assembly(other)))
                .WithoutRequiringPositiveResults().Check(Code.Architecture);
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_gateway_and_hosts_know_ASP_NET(string project)
    {
        if (AspNetProjects.Contains(project)) return;

        Assert.Empty(Find(project).FrameworkReferences);
        AssertUsesNothingOf(project, @"^Microsoft\.AspNetCore\.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_Azure_projects_know_Azure(string project)
    {
        if (AzureProjects.Contains(project)) return;

        Assert.DoesNotContain(Find(project).PackageReferences,
            package => package.StartsWith("Azure.", StringComparison.Ordinal) || package.StartsWith("Microsoft.Azure.", StringComparison.Ordinal));
        AssertUsesNothingOf(project, @"^(Microsoft\.)?Azure\.");
    }

    // A library is loaded when a method that names it first runs: at the first request of a provider that needs it, and never on a router without one.
    [Theory]
    [InlineData(@"^Amazon\.", "SigV4Signature")]
    [InlineData(@"^Google\.Apis\.", "GoogleCredentials")]
    public void Large_library_of_a_cloud_is_used_by_one_type(string library, string type)
    {
        var its = Types(true).That().HaveFullNameMatching(library);
        var user = $@"^EdgeRouter\.Upstreams\.Auth\.{type}(\+|/|$)";
        Assert.Contains(Code.Architecture.Types, known => Regex.IsMatch(known.FullName, user, RegexOptions.None, TimeSpan.FromSeconds(1))
            && known.Dependencies.Any(use => Regex.IsMatch(use.Target.FullName, library, RegexOptions.None, TimeSpan.FromSeconds(1))));
        Types().That().ResideInAssembly(Assembly("EdgeRouter.Upstreams")).And().DoNotHaveFullNameMatching(user).Should().NotDependOnAny(its)
            .Check(Code.Architecture);
    }

    private static void AssertUsesNothingOf(string project, string pattern)
    {
        Types().That().ResideInAssembly(Assembly(project)).Should().NotDependOnAny(Types(true).That().HaveFullNameMatching(pattern))
            .WithoutRequiringPositiveResults().Check(Code.Architecture);
    }

    private static void AddBelow(string project, HashSet<string> below)
    {
        foreach (var reference in Permitted[project])
            if (below.Add(reference) && Permitted.ContainsKey(reference)) AddBelow(reference, below);
    }

    private static SourceProject Find(string project) => SourceProject.All.Single(candidate => candidate.Name == project);

    private static ArchUnitNET.Domain.Assembly Assembly(string project) =>
        Code.Architecture.Assemblies.Single(assembly => assembly.Name.Split(',')[0] == project);
}
