using System.Text.RegularExpressions;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The house rules about files.</summary>
public sealed partial class FileShapeTests
{
    private const int LongestLine = 160;
    private const int LongestWithoutReason = 400;
    private static readonly string[] Forbidden = ["Manager", "Helper", "Helpers", "Utils", "Util", "Common"];

    [Fact]
    public void No_source_file_is_over_400_lines_without_a_reason_at_its_top()
    {
        foreach (var file in Sources())
        {
            var lines = File.ReadAllLines(file);
            if (lines.Length <= LongestWithoutReason) continue;
            Assert.True(lines[0].StartsWith("// Long because ", StringComparison.Ordinal),
                $"{file} has {lines.Length} lines and does not begin with '// Long because ...'.");
        }
    }

    [Fact]
    public void Half_of_the_source_files_fit_on_a_screen()
    {
        var lengths = Sources().Select(file => File.ReadLines(file).Count()).Order().ToArray();

        Assert.InRange(lengths[lengths.Length / 2], 1, 80);
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        foreach (var file in Sources())
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.DoesNotContain(Forbidden, suffix => name.EndsWith(suffix, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_line_of_code_is_longer_than_160_columns()
    {
        var faults = Code("src", ".cs").Concat(Code("tests", ".cs"))
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (File: file, Number: index + 1, line.Length)))
            .Where(line => line.Length > LongestLine).Select(line => $"{Path.GetRelativePath(RepositoryRoot.Path, line.File)}:{line.Number}: {line.Length}");

        Assert.Empty(faults.ToArray());
    }

    /// <summary>Whoever reads a comment can look up what it cites.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("scripts")]
    [InlineData("infra")]
    [InlineData("docs")]
    public void No_document_is_cited_that_is_not_in_the_repository(string folder)
    {
        var faults = Code(folder, ".cs", ".sh", ".js", ".mjs", ".bicep", ".csproj", ".props", ".targets", ".md")
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (File: file, Number: index + 1, Text: line)))
            .Where(line => Citation().IsMatch(line.Text))
            .Select(line => $"{Path.GetRelativePath(RepositoryRoot.Path, line.File)}:{line.Number}: {line.Text.Trim()}");

        Assert.Empty(faults.ToArray());
    }

    [Fact]
    public void Usings_are_sorted_with_System_first()
    {
        foreach (var file in Code("src", ".cs").Concat(Code("tests", ".cs")))
        {
            var usings = File.ReadLines(file).TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).Where(IsPlainUsing)
                .Select(line => line["using ".Length..].TrimEnd(';')).ToList();
            Assert.Equal(usings.OrderBy(name => !IsSystem(name)).ThenBy(name => name.Replace('.', ' '), StringComparer.OrdinalIgnoreCase), usings);
        }
    }

    private static bool IsPlainUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=')
        && !line.Contains('(') && !line.StartsWith("using static ", StringComparison.Ordinal);

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    private static IEnumerable<string> Code(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(RepositoryRoot.Of(folder), "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !IgnoredFolder().IsMatch(file));

    [GeneratedRegex("[/\\\\](bin|obj|node_modules)[/\\\\]")]
    private static partial Regex IgnoredFolder();

    // Written so that it does not find itself.
    [GeneratedRegex("[d]esign (section|page)|[o]penrouter-(chat|routing|hints)|[p]eers-[a-z]+|[s]ections? [0-9]")]
    private static partial Regex Citation();

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(RepositoryRoot.Of("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
