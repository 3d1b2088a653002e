using System.Text.RegularExpressions;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The README tells the truth: its commands, folders and settings exist, and none is missing.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(RepositoryRoot.Of("README.md"));

    [Fact]
    public void Every_script_named_exists_and_can_be_run()
    {
        var scripts = ScriptName().Matches(Readme).Select(match => match.Value).Distinct().ToArray();

        Assert.Contains("scripts/run.sh", scripts);
        Assert.Contains("scripts/test.sh", scripts);
        foreach (var script in scripts)
        {
            Assert.True(File.Exists(RepositoryRoot.Of(script)), $"README names {script}, which does not exist.");
            if (!OperatingSystem.IsWindows())
                Assert.True((File.GetUnixFileMode(RepositoryRoot.Of(script)) & UnixFileMode.UserExecute) != 0, $"{script} has no run bit.");
        }
    }

    [Fact]
    public void Every_folder_and_file_linked_exists()
    {
        foreach (Match link in RelativeLink().Matches(Readme))
        {
            var target = link.Groups[1].Value.Split('#')[0];
            if (target.Length == 0) continue;
            Assert.True(Path.Exists(RepositoryRoot.Of(target)), $"README links to {target}, which does not exist.");
        }
    }

    [Fact]
    public void Every_section_linked_in_another_page_exists()
    {
        var links = RelativeLink().Matches(Readme).Select(match => match.Groups[1].Value.Split('#')).Where(parts => parts is [{ Length: > 0 }, _]).ToArray();
        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            var sections = File.ReadLines(RepositoryRoot.Of(link[0])).Where(line => line.StartsWith('#'))
                .Select(line => line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-'));
            Assert.Contains(link[1], sections);
        }
    }

    [Fact]
    public void What_is_set_in_the_deployments_environment_is_a_parameter_of_the_template()
    {
        var parameters = File.ReadAllText(RepositoryRoot.Of("infra", "main.parameters.json"));
        var set = EnvironmentSet().Matches(Readme + File.ReadAllText(RepositoryRoot.Of("infra", "README.md"))).Select(match => match.Groups[1].Value).Distinct()
            .ToArray();

        Assert.Contains("EDGEROUTER_APP_SETTINGS", set);
        foreach (var name in set) Assert.Contains($"${{{name}}}", parameters, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_of_settings_is_what_the_code_reads() => ReadmeSection.Check("settings", SettingsTable());

    [Fact]
    public void Every_project_of_src_is_described()
    {
        foreach (var folder in Directory.GetDirectories(RepositoryRoot.Of("src"))) Assert.Contains(Path.GetFileName(folder), Readme, StringComparison.Ordinal);
    }

    private static string SettingsTable()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build());
        RouterSettings.Read(reader);
        var rows = reader.Known.DistinctBy(setting => setting.Path)
            .Select(setting => $"| `{setting.VariableName}` | {setting.Meaning} | {setting.Default} |\n");
        return "| setting | meaning | default |\n|---|---|---|\n" + string.Concat(rows);
    }

    [GeneratedRegex("azd env set ([A-Z_]+)")]
    private static partial Regex EnvironmentSet();

    [GeneratedRegex(@"scripts/[a-z-]+\.sh")]
    private static partial Regex ScriptName();

    [GeneratedRegex(@"\]\((?!http)([^)]+)\)")]
    private static partial Regex RelativeLink();
}
