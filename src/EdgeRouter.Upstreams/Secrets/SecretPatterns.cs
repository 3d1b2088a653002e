using System.Text.RegularExpressions;

namespace EdgeRouter.Upstreams.Secrets;

/// <summary>How keys, tokens and organisation ids of providers look: the lines of <c>secret-patterns.txt</c>.</summary>
internal static class SecretPatterns
{
    private const string Resource = "EdgeRouter.Upstreams.Secrets.secret-patterns.txt";

    /// <summary>Everything that looks so. Its time is linear in the text.</summary>
    public static readonly Regex All = new(string.Join('|', Read()),
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>An escape of JSON, of a URL or of HTML of which only the start is there, at the end of a text.</summary>
    public static readonly Regex CutEscape = new(@"(\\+(u[0-9a-f]{0,3})?|%[0-9a-f]?|&(#(x?[0-9a-f]{0,4})?)?)\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static IEnumerable<string> Read()
    {
        using var stream = typeof(SecretPatterns).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing.");
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }
}
