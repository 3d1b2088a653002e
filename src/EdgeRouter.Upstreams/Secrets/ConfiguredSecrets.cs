using System.Text;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Secrets;

/// <summary>
/// Removes secrets from providers' texts before a caller reads them: the credentials of every provider of the catalog, whole or as the start of one at
/// the end of a text that was cut, and whatever looks like a key, a token or an organisation id; also where it is escaped. Thread-safe.
/// </summary>
public sealed class ConfiguredSecrets(ICatalog catalog)
{
    /// <summary>What stands where a secret was.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Shorter values are no secrets, and would be cut out of words.</summary>
    private const int Shortest = 6;

    private static readonly string[] SecretNames = ["key", "token", "secret", "auth", "sig", "password"];
    private Known known = new(CatalogSnapshot.Empty, []);

    /// <summary>The text without secrets; null stays null.</summary>
    public string? Scrub(string? text)
    {
        if (string.IsNullOrEmpty(text)) return text;
        var decoded = DecodedText.Of(text);
        var plain = decoded.Text;
        var cuts = new List<(int Start, int End)>();
        foreach (var secret in Current())
        {
            for (var at = plain.IndexOf(secret, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = plain.IndexOf(secret, at + secret.Length, StringComparison.OrdinalIgnoreCase))
                cuts.Add(decoded.InOriginal(at, secret.Length));
            if (StartAtEnd(plain, secret) is > 0 and var length) cuts.Add(decoded.InOriginal(plain.Length - length, length));
        }
        foreach (var match in SecretPatterns.All.EnumerateMatches(plain)) cuts.Add(decoded.InOriginal(match.Index, match.Length));
        return cuts.Count == 0 ? text : Without(text, cuts);
    }

    /// <summary>How much of a secret's start the text ends with: providers and the router cut long texts.</summary>
    private static int StartAtEnd(string text, string secret)
    {
        for (var length = Math.Min(secret.Length - 1, text.Length); length >= Shortest; length--)
            if (text.AsSpan(text.Length - length).Equals(secret.AsSpan(0, length), StringComparison.OrdinalIgnoreCase)) return length;
        return 0;
    }

    private static string Without(string text, List<(int Start, int End)> cuts)
    {
        cuts.Sort();
        var kept = new StringBuilder(text.Length);
        var next = 0;
        foreach (var (start, end) in cuts)
        {
            if (end <= next) continue;
            if (start >= next) kept.Append(text, next, start - next).Append(Redacted);
            next = end;
        }
        return kept.Append(text, next, text.Length - next).ToString();
    }

    private string[] Current()
    {
        var (snapshot, secrets) = Volatile.Read(ref known);
        var current = catalog.Current;
        if (ReferenceEquals(snapshot, current)) return secrets;
        secrets = [.. current.Providers.SelectMany(SecretsOf).Where(static secret => secret.Length >= Shortest).Distinct(StringComparer.Ordinal)
            .OrderByDescending(static secret => secret.Length)];
        Volatile.Write(ref known, new Known(current, secrets));
        return secrets;
    }

    private static IEnumerable<string> SecretsOf(Provider provider)
    {
        if (provider.ApiKey is { } key) yield return key;
        foreach (var (name, value) in provider.Headers)
            if (IsSecret(name)) yield return value;
        foreach (var pair in (provider.Query ?? "").Split('&'))
            if (pair.Split('=', 2) is [var name, var value] && IsSecret(name)) yield return Uri.UnescapeDataString(value);
    }

    private static bool IsSecret(string name) => Array.Exists(SecretNames, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private sealed record Known(CatalogSnapshot Snapshot, string[] Secrets);
}
