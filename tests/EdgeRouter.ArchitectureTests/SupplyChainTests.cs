using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeRouter.TestSupport;
using Mono.Cecil;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>What comes from elsewhere is named by version and content, and comes from one place.</summary>
public sealed partial class SupplyChainTests
{
    private static readonly string[] Runtimes = ["net10.0", "net10.0/linux-x64"];
    private static readonly string[] TextFiles = [".sh", ".yml", ".yaml", ".md", ".cs", ".js", ".mjs", ".json", ".csproj", ".props", ".targets"];

    public static TheoryData<string> Projects => [.. ProjectFiles()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_has_a_lock_file_for_every_machine_and_the_deployed_runtime(string project)
    {
        var file = LockFileOf(project);

        Assert.True(File.Exists(file), $"{project} has no packages.lock.json: restore it and commit the file.");
        using var locked = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(Runtimes, locked.RootElement.GetProperty("dependencies").EnumerateObject().Select(static runtime => runtime.Name));
    }

    [Fact]
    public void A_version_of_a_package_has_the_same_content_in_every_lock_file()
    {
        var contents = new Dictionary<string, string>();
        foreach (var project in ProjectFiles())
        {
            foreach (var (package, hash) in PackagesOf(project))
            {
                Assert.Matches("^[A-Za-z0-9+/]{86}==$", hash);
                Assert.True(contents.TryAdd(package, hash) || contents[package] == hash, $"{project}: {package} has another content than in other projects.");
            }
        }
        Assert.True(contents.Count > 100);
    }

    [Fact]
    public void Every_package_comes_from_one_source_whose_address_is_not_in_the_repository()
    {
        var file = RepositoryRoot.Of("nuget.config");
        var source = Assert.Single(XDocument.Load(file).Root!.Elements("packageSourceMapping").Elements("packageSource"));

        Assert.Equal("nuget.org", source.Attribute("key")!.Value);
        Assert.Equal("*", Assert.Single(source.Elements("package")).Attribute("pattern")!.Value);
        Assert.DoesNotContain("://", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Empty(XDocument.Load(file).Descendants("packageSources"));
    }

    [Fact]
    public void Every_action_of_a_workflow_is_named_by_its_commit_with_the_version_beside_it()
    {
        var uses = Directory.GetFiles(RepositoryRoot.Of(".github", "workflows")).SelectMany(File.ReadLines)
            .Where(static line => Uses().IsMatch(line)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, static line => Assert.Matches("uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+$", line));
    }

    [Fact]
    public void Npm_installs_what_is_locked_and_runs_none_of_its_scripts()
    {
        var installs = Files(TextFiles)
            .SelectMany(static file => File.ReadLines(file).Select(line => $"{Path.GetRelativePath(RepositoryRoot.Path, file)}: {line.Trim()}"))
            .Where(static line => NpmInstall().IsMatch(line)).ToList();

        Assert.NotEmpty(installs);
        Assert.All(installs, static line => Assert.Matches("npm ci\\b.*--ignore-scripts", line));
    }

    [Fact]
    public void The_workflow_looks_for_known_vulnerabilities()
    {
        Assert.Contains("run: scripts/audit.sh", File.ReadAllText(RepositoryRoot.Of(".github", "workflows", "ci.yml")), StringComparison.Ordinal);
        Assert.DoesNotContain("audit.sh", File.ReadAllText(RepositoryRoot.Of("scripts", "test.sh")), StringComparison.Ordinal);
    }

    /// <summary>The package Polly adds the API of its version 7, which nothing here is to use.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void Assembly_uses_of_Polly_only_its_core(string project)
    {
        var source = SourceProject.All.Single(candidate => candidate.Name == project);
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(source.AssemblyFolder, project + ".dll"));

        Assert.DoesNotContain("Polly", assembly.MainModule.AssemblyReferences.Select(static reference => reference.Name));
    }

    public static TheoryData<string> Sources => [.. SourceProject.All.Select(static project => project.Name)];

    private static IEnumerable<(string Package, string Hash)> PackagesOf(string project)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(LockFileOf(project)));
        foreach (var runtime in locked.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            foreach (var package in runtime.Value.EnumerateObject())
            {
                if (package.Value.TryGetProperty("contentHash", out var hash))
                    yield return ($"{package.Name} {package.Value.GetProperty("resolved").GetString()}", hash.GetString()!);
            }
        }
    }

    private static IEnumerable<string> ProjectFiles() =>
        Files(".csproj").Select(static file => Path.GetRelativePath(RepositoryRoot.Path, file)).Order(StringComparer.Ordinal);

    private static string LockFileOf(string project) => Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(project)!, "packages.lock.json");

    private static IEnumerable<string> Files(params string[] extensions) =>
        Directory.EnumerateFiles(RepositoryRoot.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !Ignored().IsMatch(file));

    [GeneratedRegex("[/\\\\](bin|obj|node_modules|artifacts|\\.git|\\.edgerouter)[/\\\\]")]
    private static partial Regex Ignored();

    [GeneratedRegex("\\buses:")]
    private static partial Regex Uses();

    // Written so that it does not find itself.
    [GeneratedRegex("[n]pm (ci|i|install|add|update)\\b|[n]px ")]
    private static partial Regex NpmInstall();
}
