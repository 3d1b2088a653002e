using System.Collections.Frozen;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Upstreams.Providers;

/// <summary>
/// Names of providers that callers may use although the providers do not serve on this router: those of the provider table, and further ones that
/// OpenRouter's clients send (other-providers.txt). Only letters and digits are compared, so that slugs and display names are the same. Read at the
/// first call; thread-safe.
/// </summary>
public sealed class ProviderNames : IProviderNames
{
    private const string Resource = "EdgeRouter.Upstreams.Providers.other-providers.txt";
    private const int MaxNameLength = 64;
    private readonly Lazy<FrozenSet<string>> names = new(Read);

    /// <inheritdoc/>
    public bool Contains(string name)
    {
        if (name.Length > MaxNameLength) return false;
        Span<char> key = stackalloc char[MaxNameLength];
        return names.Value.GetAlternateLookup<ReadOnlySpan<char>>().Contains(key[..Normalize(name, key)]);
    }

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(ProviderNames).Assembly.GetManifestResourceStream(Resource)!);
        var all = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } name) all.Add(Normalize(name));
        foreach (var provider in ProviderTable.Read())
        {
            all.Add(Normalize(provider.Slug));
            if (provider.Name is not null) all.Add(Normalize(provider.Name));
        }
        return all.ToFrozenSet(StringComparer.Ordinal);
    }

    private static string Normalize(string name)
    {
        Span<char> key = stackalloc char[MaxNameLength];
        return new string(key[..Normalize(name, key)]);
    }

    private static int Normalize(string name, Span<char> key)
    {
        var length = 0;
        foreach (var character in name)
            if (char.IsAsciiLetterOrDigit(character)) key[length++] = char.ToLowerInvariant(character);
        return length;
    }
}
