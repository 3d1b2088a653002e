namespace EdgeRouter.Core.Catalog.Names;

/// <summary>
/// Finds models by names that are not their ids: without author, with hyphens for dots, with or without date, as a provider calls them. Built once
/// per catalog; what it finds does not depend on the catalog's order. Thread-safe.
/// </summary>
public sealed class ModelNames
{
    private readonly Dictionary<string, NameGroup>.AlternateLookup<ReadOnlySpan<char>> spelled;
    private readonly Dictionary<string, NameGroup>.AlternateLookup<ReadOnlySpan<char>> undated;
    private readonly NearMisses nearMisses;

    internal ModelNames(CatalogSnapshot catalog)
    {
        var bySpelling = new Dictionary<string, NameGroup>(StringComparer.Ordinal);
        var byUndated = new Dictionary<string, NameGroup>(StringComparer.Ordinal);
        var builder = new ModelNamesBuilder(bySpelling, byUndated);
        foreach (var model in catalog.Models) builder.Add(model);
        foreach (var model in catalog.Unserved) builder.Add(model);
        foreach (var (alias, id) in catalog.Aliases) builder.AddAlias(alias, id);
        spelled = bySpelling.GetAlternateLookup<ReadOnlySpan<char>>();
        undated = byUndated.GetAlternateLookup<ReadOnlySpan<char>>();
        nearMisses = new NearMisses(catalog.Models);
    }

    /// <summary>Finds what a name means. Takes a few lookups, whatever the catalog's size.</summary>
    public NameMatch Find(string name)
    {
        if (name.Length is 0 or > ModelSpelling.MaxLength) return default;
        Span<char> buffer = stackalloc char[ModelSpelling.MaxLength];
        var key = buffer[..name.Length];
        ModelSpelling.Normalise(name, key);
        if (spelled.TryGetValue(key, out var group)) return group.Choose();
        if (ModelSpelling.TryRemoveLatest(key, out var family)) return undated.TryGetValue(family, out group) ? group.ChooseNewest() : default;
        var rest = ModelSpelling.RemoveDate(key, out var date);
        if (!undated.TryGetValue(rest, out group)) return default;
        return date.IsKnown ? group.Choose(date) : group.Choose();
    }

    /// <summary>
    /// Ids of at most three served models whose names are close to a name that means none, best first. Takes time in proportion to the number of models,
    /// some nanoseconds each.
    /// </summary>
    public IReadOnlyList<string> Suggest(string name)
    {
        if (name.Length is 0 or > ModelSpelling.MaxLength) return [];
        var key = ModelSpelling.Normalise(name);
        var slug = ModelSpelling.Slug(key);
        // Another author's, or another date's.
        if ((spelled.TryGetValue(slug, out var group) || undated.TryGetValue(ModelSpelling.RemoveDate(slug, out _), out group))
            && group.Served() is { Count: > 0 } served) return served;
        return nearMisses.Find(slug);
    }
}
