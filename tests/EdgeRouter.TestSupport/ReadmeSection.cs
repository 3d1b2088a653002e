using Xunit;

namespace EdgeRouter.TestSupport;

/// <summary>A part of README that a test writes: what stands between its two markers.</summary>
public static class ReadmeSection
{
    /// <summary>Fails when the part differs from what is expected; with EDGEROUTER_ACCEPT=1 writes it instead.</summary>
    public static void Check(string name, string expected)
    {
        var file = RepositoryRoot.Of("README.md");
        var readme = File.ReadAllText(file);
        var begin = $"<!-- {name}: begin -->\n";
        var from = readme.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"README has no line {begin}");
        from += begin.Length;
        var to = readme.IndexOf($"<!-- {name}: end -->", from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"README does not end its part {name}.");
        if (Environment.GetEnvironmentVariable("EDGEROUTER_ACCEPT") == "1") File.WriteAllText(file, readme[..from] + expected + readme[to..]);
        else Assert.Equal(expected, readme[from..to]);
    }
}
