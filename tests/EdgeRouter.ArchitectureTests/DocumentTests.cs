using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Errors;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The documents tell the truth: their links, commands, settings and examples exist, and none is missing.</summary>
public sealed partial class DocumentTests
{
    private const int MaxLinesOfReadme = 150;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly Lazy<HashSet<string>> TestClasses = new(static () =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Of("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => ClassName().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value)]);

    public static TheoryData<string> Documents => [.. Pages().Select(page => Path.GetRelativePath(RepositoryRoot.Path, page).Replace('\\', '/'))];

    [Fact]
    public void Readme_is_short() => Assert.InRange(File.ReadLines(RepositoryRoot.Of("README.md")).Count(), 1, MaxLinesOfReadme);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_a_section_that_exist(string document)
    {
        var folder = Path.GetDirectoryName(RepositoryRoot.Of(document.Split('/')))!;
        foreach (Match link in RelativeLink().Matches(WithoutCode(Text(document))))
        {
            var parts = link.Groups[1].Value.Split('#');
            var target = parts[0].Length == 0 ? RepositoryRoot.Of(document.Split('/')) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            Assert.True(Path.Exists(target), $"{document} links to {link.Groups[1].Value}, which does not exist.");
            if (parts.Length > 1)
                Assert.True(Sections(target).Contains(parts[1]), $"{document} links to a section {link.Groups[1].Value} that does not exist.");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_script_named_exists_and_can_be_run(string document)
    {
        foreach (var script in ScriptName().Matches(Text(document)).Select(match => match.Value).Distinct())
        {
            Assert.True(File.Exists(RepositoryRoot.Of(script)), $"{document} names {script}, which does not exist.");
            if (!OperatingSystem.IsWindows())
                Assert.True((File.GetUnixFileMode(RepositoryRoot.Of(script)) & UnixFileMode.UserExecute) != 0, $"{script} has no run bit.");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_test_project_named_in_a_command_exists(string document)
    {
        foreach (Match project in ProjectOfCommand().Matches(Text(document)))
            Assert.True(Directory.Exists(RepositoryRoot.Of(project.Value.Split('/'))), $"{document} names {project.Value}, which does not exist.");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_class_of_tests_named_exists(string document)
    {
        foreach (Match test in TestClassName().Matches(Text(document)))
            Assert.True(TestClasses.Value.Contains(test.Groups["name"].Value), $"{document} names {test.Value}, which does not exist.");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_JSON_example_parses(string document)
    {
        foreach (Match block in JsonBlock().Matches(Text(document)))
        {
            using var json = JsonDocument.Parse(block.Groups[1].Value);
            Assert.NotEqual(JsonValueKind.Undefined, json.RootElement.ValueKind);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_setting_named_exists(string document)
    {
        // CHANGELOG also names what is gone.
        if (document == "CHANGELOG.md") return;
        const string Name = "(<[a-z]+>|[A-Za-z0-9-]+|[A-Za-z0-9]+_[A-Za-z0-9]+)";
        var known = Settings().Select(setting => $"^{Placeholder().Replace(setting.VariableName, Name)}$").ToList();
        foreach (var name in SettingName().Matches(Text(document)).Select(match => match.Value).Distinct())
            Assert.True(known.Any(pattern => Regex.IsMatch(name, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))),
                $"{document} names {name}, which is no setting.");
    }

    [Fact]
    public void Readme_names_the_commands_to_start_and_to_test()
    {
        var readme = Text("README.md");

        Assert.Contains("scripts/run.sh", readme, StringComparison.Ordinal);
        Assert.Contains("scripts/test.sh", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_in_the_deployments_environment_is_a_parameter_of_the_template()
    {
        var parameters = Text("infra/main.parameters.json");
        var set = Pages().SelectMany(page => EnvironmentSet().Matches(File.ReadAllText(page))).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.Contains("EDGEROUTER_APP_SETTINGS", set);
        foreach (var name in set) Assert.Contains($"${{{name}}}", parameters, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_of_settings_is_what_the_code_reads()
    {
        var rows = Settings().Select(setting => $"| `{setting.VariableName}` | {setting.Meaning} | {setting.Range} | {setting.Default} |\n");

        DocumentSection.Check("docs/configuration.md", "settings", "| setting | meaning | range | default |\n|---|---|---|---|\n" + string.Concat(rows));
    }

    [Fact]
    public void Values_of_dialect_and_auth_are_the_registered_ones()
    {
        using var services = new ServiceCollection().AddProviderWires().AddUpstreamAuthSchemes(new UpstreamOptions(), NoTokens.Instance).BuildServiceProvider();
        var wires = services.GetRequiredService<ProviderWires>().All.Select(wire => wire.Name).Order(StringComparer.Ordinal);
        var schemes = services.GetRequiredService<UpstreamAuthSchemes>().Names;

        DocumentSection.Check("docs/configuration.md", "values", $"| setting | values |\n|---|---|\n| `Dialect` | `{string.Join("`, `", wires)}` |\n"
            + $"| `Auth` | `{string.Join("`, `", schemes)}` |\n");
    }

    [Fact]
    public void Readme_tells_how_many_providers_take_a_key_from_the_environment()
    {
        string[] named = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"];
        using var services = new ServiceCollection().AddProviderWires().AddUpstreamAuthSchemes(new UpstreamOptions(), NoTokens.Instance).BuildServiceProvider();
        var wires = services.GetRequiredService<ProviderWires>();
        var schemes = services.GetRequiredService<UpstreamAuthSchemes>().Names;
        var usable = ProviderTable.Read().Where(row => row.Env is { Count: > 0 } && wires.Contains(row.Dialect!) && schemes.Contains(row.Auth)).ToList();

        Assert.All(named, name => Assert.Contains(usable, row => row.Env!.Contains(name)));
        var others = usable.Count(row => !row.Env!.Intersect(named).Any());
        Assert.Contains($"and the variables of {others} more providers", Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_log_event_is_explained()
    {
        var sources = Directory.EnumerateFiles(RepositoryRoot.Of("src"), "*.cs", SearchOption.AllDirectories);
        var ids = sources.SelectMany(file => LogEvent().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups["id"].Value, Invariant)).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());

        var explained = EventRow().Matches(Text("docs/operating.md")).SelectMany(row => row.Groups["ids"].Value.Split(", "))
            .Select(id => int.Parse(id, Invariant));
        Assert.Equal(ids.Order(), explained.Order());
    }

    [Fact]
    public void Every_failure_that_a_log_line_names_is_explained()
    {
        var operating = Text("docs/operating.md");
        Assert.All(Enum.GetNames<EdgeRouter.Core.Health.FailureClass>(), name => Assert.Contains($"`{name}`", operating, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_page_that_errors_lead_to_exists()
    {
        var codes = typeof(AvailabilityCodes).GetFields().Select(code => (string)code.GetRawConstantValue()!).ToArray();
        Assert.NotEmpty(codes);
        foreach (var parts in codes.Select(code => AvailabilityCodes.DocumentationOf(code).Split('#')))
            Assert.Contains(parts[1], Sections(RepositoryRoot.Of(parts[0].Split('/'))));
    }

    [Fact]
    public void Every_type_of_error_is_explained()
    {
        var errors = Text("docs/errors.md");
        var types = typeof(ErrorTypes).GetFields().Select(type => (string)type.GetRawConstantValue()!).ToArray();
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.Contains($"`{type}`", errors, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_of_src_is_described()
    {
        foreach (var project in SourceProject.All)
            foreach (var document in (string[])["README.md", "docs/architecture.md"])
                Assert.Contains($"`{project}`", Text(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_document_can_be_reached_from_the_readme()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([RepositoryRoot.Of("README.md")]);
        while (open.TryPop(out var page))
        {
            if (!seen.Add(page) || !page.EndsWith(".md", StringComparison.Ordinal)) continue;
            foreach (Match link in RelativeLink().Matches(File.ReadAllText(page)))
                open.Push(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value.Split('#')[0])));
        }

        var unreached = Directory.EnumerateFiles(RepositoryRoot.Of("docs"), "*.md", SearchOption.AllDirectories).Except(seen, StringComparer.Ordinal);
        Assert.Equal([], unreached.ToArray());
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(RepositoryRoot.Path, "*.md")
        .Concat(Directory.EnumerateFiles(RepositoryRoot.Of("docs"), "*.md", SearchOption.AllDirectories))
        .Append(RepositoryRoot.Of("infra", "README.md"));

    private static IReadOnlyList<KnownSetting> Settings()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build());
        RouterSettings.Read(reader);
        return [.. reader.Known.DistinctBy(setting => setting.Path)];
    }

    private static string Text(string document) => File.ReadAllText(RepositoryRoot.Of(document.Split('/')));

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    /// <summary>Anchors of a page's headings, as GitHub makes them.</summary>
    private static IEnumerable<string> Sections(string page) => WithoutCode(File.ReadAllText(page)).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+),", RegexOptions.ExplicitCapture)]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"^\| (?<ids>\d+(, \d+)*) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex("azd env set ([A-Z_]+)")]
    private static partial Regex EnvironmentSet();

    [GeneratedRegex(@"scripts/[a-z-]+\.sh")]
    private static partial Regex ScriptName();

    [GeneratedRegex(@"tests/EdgeRouter\.[A-Za-z.]*[A-Za-z](?=[/ `\n]|\.$)")]
    private static partial Regex ProjectOfCommand();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(Tests|Benchmark))(\\.[A-Za-z0-9_]+)?`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestClassName();

    [GeneratedRegex(@"\bclass (?<name>[A-Z][A-Za-z0-9]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\]\((?!https?:)(?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex RelativeLink();

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("EdgeRouter__[A-Za-z0-9_<>-]*[A-Za-z0-9>]")]
    private static partial Regex SettingName();

    [GeneratedRegex("<[a-z]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchors();
}
