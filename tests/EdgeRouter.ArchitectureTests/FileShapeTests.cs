using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The house rules about files.</summary>
public sealed class FileShapeTests
{
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

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(RepositoryRoot.Of("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
