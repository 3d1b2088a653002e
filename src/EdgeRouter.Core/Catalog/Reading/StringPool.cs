namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>
/// One instance per distinct text: catalogs repeat slugs, modalities and upstream names thousands of times. Lives as long as one load. Not
/// thread-safe.
/// </summary>
internal sealed class StringPool
{
    private readonly HashSet<string> strings = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public StringPool() => bySpan = strings.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<char> text)
    {
        if (bySpan.TryGetValue(text, out var known)) return known;
        var added = text.ToString();
        strings.Add(added);
        return added;
    }
}
