using System.Xml.Linq;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>Who may reference whom (Core ← Dialects ← Upstreams ← Gateway ← hosts; Core ← EmbeddedStore ← {Local, AzureAdapters}; AzureAdapters ← Functions).</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Permitted = new()
    {
        ["EdgeRouter.Core"] = [],
        ["EdgeRouter.Dialects"] = ["EdgeRouter.Core"],
        ["EdgeRouter.Upstreams"] = ["EdgeRouter.Dialects"],
        ["EdgeRouter.Gateway"] = ["EdgeRouter.Upstreams"],
        ["EdgeRouter.EmbeddedStore"] = ["EdgeRouter.Core"],
        ["EdgeRouter.Local"] = ["EdgeRouter.Gateway", "EdgeRouter.EmbeddedStore"],
        ["EdgeRouter.AzureAdapters"] = ["EdgeRouter.EmbeddedStore"],
        ["EdgeRouter.Functions"] = ["EdgeRouter.Gateway", "EdgeRouter.AzureAdapters"],
        ["EdgeRouter.CatalogImport"] = ["EdgeRouter.Core", "EdgeRouter.Upstreams"],
    };

    private static readonly string[] AzureProjects = ["EdgeRouter.AzureAdapters", "EdgeRouter.Functions"];
    private static readonly string[] StandIns = ["EdgeRouter.StandIns.Tables", "EdgeRouter.StandIns.ServiceBus", "EdgeRouter.StandIns.Functions"];

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(RepositoryRoot.Of("src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_the_design_permits(string project)
    {
        Assert.True(Permitted.ContainsKey(project), $"{project} is not in the design's table of dependencies.");
        var references = Items(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(references.Except(Permitted[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_gateway_and_hosts_know_ASP_NET(string project)
    {
        if (project is "EdgeRouter.Gateway" or "EdgeRouter.Local" or "EdgeRouter.Functions") return;

        Assert.Empty(Items(project, "FrameworkReference"));
        Assert.DoesNotContain(SourceLines(project), line => line.StartsWith("using Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_Azure_projects_know_Azure(string project)
    {
        if (AzureProjects.Contains(project)) return;

        Assert.DoesNotContain(Items(project, "PackageReference"),
            package => package.StartsWith("Azure.", StringComparison.Ordinal) || package.StartsWith("Microsoft.Azure.", StringComparison.Ordinal));
        Assert.DoesNotContain(SourceLines(project),
            line => line.StartsWith("using Azure", StringComparison.Ordinal) || line.StartsWith("using Microsoft.Azure", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_is_the_folder(string project)
    {
        foreach (var file in Sources(project))
        {
            if (File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal)) is not { } line) continue;
            var folder = Path.GetRelativePath(RepositoryRoot.Of("src", project), Path.GetDirectoryName(file)!);
            var expected = folder == "." ? project : $"{project}.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
            Assert.Equal($"namespace {expected};", line.Trim());
        }
    }

    [Fact]
    public void Core_and_dialects_never_branch_on_a_provider()
    {
        foreach (var project in (string[])["EdgeRouter.Core", "EdgeRouter.Dialects", "EdgeRouter.Gateway"])
            Assert.DoesNotContain(SourceLines(project),
                line => line.Contains("Provider.Slug ==", StringComparison.Ordinal) || line.Contains("provider.Slug ==", StringComparison.Ordinal));
    }

    [Fact]
    public void Providers_are_called_by_attempts_only_and_attempts_are_covered_first()
    {
        Assert.Equal(["AttemptSender.cs", "GatewayServices.cs"], FilesNaming("EdgeRouter.Gateway", "UpstreamClient"));
        Assert.Equal(["AttemptSender.cs", "Failover.cs", "GatewayServices.cs"], FilesNaming("EdgeRouter.Gateway", "AttemptSender"));
        var failover = File.ReadAllText(RepositoryRoot.Of("src", "EdgeRouter.Gateway", "Forwarding", "Failover.cs"));
        Assert.Equal(2, failover.Split("sender.SendAsync(").Length);
        Assert.Equal(2, failover.Split("await SendAsync(").Length);
        Assert.InRange(failover.IndexOf("if (await IsCoveredAsync(", StringComparison.Ordinal), 1, failover.IndexOf("await SendAsync(", StringComparison.Ordinal));
    }

    [Fact]
    public void Gateway_names_a_wire_format_in_its_registration_only()
    {
        var formats = Directory.GetDirectories(RepositoryRoot.Of("src", "EdgeRouter.Dialects")).Select(folder => Path.GetFileName(folder))
            .Except(["Json", "Sse", "Validation", "RouterMembers", "bin", "obj"]).ToArray();
        Assert.Contains("OpenAIChat", formats);
        Assert.Contains("Completions", formats);
        foreach (var file in Sources("EdgeRouter.Gateway").Where(file => Path.GetFileName(file) != "GatewayFormats.cs"))
        {
            var text = File.ReadAllText(file);
            foreach (var format in formats) Assert.DoesNotContain($"Dialects.{format}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Gateway_sees_no_content_of_requests_and_answers()
    {
        foreach (var file in Sources("EdgeRouter.Gateway"))
            Assert.DoesNotMatch(@"\b(ChatRequest|ChatResponse|ChatMessage|StreamEvent|ConversationRequest|IConversationWire)\b", File.ReadAllText(file));
    }

    [Fact]
    public void Azure_projects_and_their_tests_are_in_the_default_build_and_stand_ins_are_not()
    {
        var solution = File.ReadAllLines(RepositoryRoot.Of("EdgeRouter.sln"));
        string[] built = [.. AzureProjects, "EdgeRouter.AzureAdapters.Tests", "EdgeRouter.Functions.Tests", "EdgeRouter.Emulators.FunctionsHost"];
        foreach (var project in (string[])[.. built, .. StandIns])
        {
            string[] configurations = built.Contains(project, StringComparer.Ordinal) ? ["Debug", "Release", "Azure"] : ["Azure"];
            var id = solution.Single(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains($"\"{project}\"", StringComparison.Ordinal))
                .Split('"')[^2];
            var builds = solution.Where(line => line.Contains(id, StringComparison.Ordinal) && line.Contains("Build.0", StringComparison.Ordinal)).ToArray();
            Assert.Equal(configurations.Select(configuration => $"{id}.{configuration}|Any CPU.Build.0 = {configuration}|Any CPU"),
                builds.Select(line => line.Trim()));
        }
    }

    private static IEnumerable<string> FilesNaming(string project, string word) =>
        Sources(project).Where(file => File.ReadAllText(file).Contains(word, StringComparison.Ordinal)).Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(RepositoryRoot.Of("src", project, project + ".csproj")).Descendants(item)
            .Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));

    private static IEnumerable<string> SourceLines(string project) => Sources(project).SelectMany(File.ReadLines);

    private static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(RepositoryRoot.Of("src", project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
