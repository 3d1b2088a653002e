using Xunit;

namespace EdgeRouter.TestSupport;

/// <summary>A part of a document that a test writes: what stands between its two markers.</summary>
public static class DocumentSection
{
    /// <summary>Fails when the part differs from what is expected; with EDGEROUTER_ACCEPT=1 writes it instead.</summary>
    /// <param name="document">Path of the document in the repository.</param>
    /// <param name="name">Name of the part in its markers.</param>
    /// <param name="expected">What the part should be.</param>
    public static void Check(string document, string name, string expected)
    {
        var file = RepositoryRoot.Of(document.Split('/'));
        var text = File.ReadAllText(file);
        var begin = $"<!-- {name}: begin -->\n";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"{document} has no line {begin}");
        from += begin.Length;
        var to = text.IndexOf($"<!-- {name}: end -->", from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"{document} does not end its part {name}.");
        if (Environment.GetEnvironmentVariable("EDGEROUTER_ACCEPT") == "1") File.WriteAllText(file, text[..from] + expected + text[to..]);
        else Assert.Equal(expected, text[from..to]);
    }
}
