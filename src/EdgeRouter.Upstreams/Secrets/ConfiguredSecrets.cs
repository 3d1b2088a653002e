using System.Text;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Secrets;

/// <summary>
/// Removes secrets from providers' texts before a caller reads them: the credentials of every provider of the catalog and of those that it had before,
/// with and without their scheme, whole or as the start of one at the end of a text that was cut, and whatever looks like a key, a token or an organisation
/// id; also where it is escaped. Thread-safe.
/// </summary>
public sealed class ConfiguredSecrets
{
    /// <summary>What stands where a secret was.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Shorter values are no secrets, and would be cut out of words.</summary>
    private const int Shortest = 6;

    /// <summary>Secrets of providers that a reload removed: the oldest are forgotten.</summary>
    private const int MostFormer = 1000;

    private static readonly string[] SecretNames = ["key", "token", "secret", "auth", "sig", "password", "cookie", "credential"];
    private static readonly Known Nothing = new(CatalogSnapshot.Empty, []);
    private readonly ICatalog catalog;
    private readonly Lock gate = new();
    private readonly List<string> former = [];
    private Known known = Nothing;

    /// <summary>Knows the secrets of a catalog from now on.</summary>
    public ConfiguredSecrets(ICatalog catalog)
    {
        this.catalog = catalog;
        catalog.BeforeReplacing(Remember);
    }

    /// <summary>The text without secrets; null stays null.</summary>
    public string? Scrub(string? text)
    {
        if (string.IsNullOrEmpty(text)) return text;
        var decoded = DecodedText.Of(text);
        var plain = decoded.Text;
        // A text that was cut may end inside an escape.
        var whole = SecretPatterns.CutEscape.Match(plain) is { Success: true } cut ? cut.Index : plain.Length;
        var cuts = new List<(int Start, int End)>();
        foreach (var secret in Current())
        {
            for (var at = plain.IndexOf(secret, StringComparison.OrdinalIgnoreCase); at >= 0;
                at = plain.IndexOf(secret, at + secret.Length, StringComparison.OrdinalIgnoreCase))
                cuts.Add(decoded.InOriginal(at, secret.Length));
            if (StartAtEnd(plain.AsSpan(0, whole), secret) is > 0 and var length) cuts.Add(decoded.InOriginal(whole - length, plain.Length - whole + length));
        }
        foreach (var match in SecretPatterns.All.EnumerateMatches(plain)) cuts.Add(decoded.InOriginal(match.Index, match.Length));
        return cuts.Count == 0 ? text : Without(text, cuts);
    }

    /// <summary>How much of a secret's start the text ends with: providers and the router cut long texts.</summary>
    private static int StartAtEnd(ReadOnlySpan<char> text, string secret)
    {
        for (var length = Math.Min(secret.Length - 1, text.Length); length >= Shortest; length--)
            if (text[^length..].Equals(secret.AsSpan(0, length), StringComparison.OrdinalIgnoreCase)) return length;
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
        lock (gate)
        {
            secrets = [.. SecretsOf(current).Concat(former).Distinct(StringComparer.Ordinal).OrderByDescending(static secret => secret.Length)];
            Volatile.Write(ref known, new Known(current, secrets));
            return secrets;
        }
    }

    /// <summary>The requests of a snapshot that is replaced still run, and their answers may quote its secrets.</summary>
    private void Remember(CatalogSnapshot replaced)
    {
        lock (gate)
        {
            foreach (var secret in SecretsOf(replaced))
            {
                former.Remove(secret);
                former.Add(secret);
            }
            if (former.Count > MostFormer) former.RemoveRange(0, former.Count - MostFormer);
            Volatile.Write(ref known, Nothing);
        }
    }

    private static IEnumerable<string> SecretsOf(CatalogSnapshot snapshot) =>
        snapshot.Providers.SelectMany(ValuesOf).SelectMany(PartsOf).Where(static secret => secret.Length >= Shortest);

    private static IEnumerable<string> ValuesOf(Provider provider)
    {
        if (provider.ApiKey is { } key) yield return key;
        foreach (var (name, value) in provider.Credentials)
            if (IsSecret(name)) yield return value;
        foreach (var (name, value) in provider.Headers)
            if (IsSecret(name)) yield return value;
        foreach (var pair in (provider.Query ?? "").Split('&'))
            if (pair.Split('=', 2) is [var name, var value] && IsSecret(name)) yield return Uri.UnescapeDataString(value);
    }

    /// <summary>The value, and what may be quoted of one with a scheme: <c>Bearer X</c>, <c>Token token="X"</c>, <c>Basic</c> and a coded pair.</summary>
    private static IEnumerable<string> PartsOf(string value)
    {
        yield return value;
        var space = value.LastIndexOf(' ');
        if (space < 0) yield break;
        var last = value[(space + 1)..];
        yield return last;
        yield return last[(last.TrimEnd('=').LastIndexOf('=') + 1)..].Trim('"', '\'');
        if (!value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) yield break;
        var pair = new byte[last.Length];
        if (!Convert.TryFromBase64String(last, pair, out var length)) yield break;
        var decoded = Encoding.UTF8.GetString(pair, 0, length);
        yield return decoded;
        yield return decoded[(decoded.IndexOf(':') + 1)..];
    }

    private static bool IsSecret(string name) => Array.Exists(SecretNames, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private sealed record Known(CatalogSnapshot Snapshot, string[] Secrets);
}
