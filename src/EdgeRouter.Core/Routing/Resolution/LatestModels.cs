using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>
/// The newest model of each family: <c>~anthropic/claude-opus-latest</c>, or <c>claude-opus-latest</c> where one author has such a family. A model's
/// family is its id without versions, dates and stages, so that <c>openai/gpt-5.5</c> and <c>openai/gpt-4o</c> are of <c>openai/gpt</c>, and
/// <c>openai/gpt-5.5-pro</c> is not. Computed once per catalog. Thread-safe.
/// </summary>
internal static class LatestModels
{
    private const string Suffix = "-latest";
    private static readonly FrozenSet<string> Stages = new[] { "preview", "exp", "experimental", "beta",
        "latest" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly ConditionalWeakTable<CatalogSnapshot, FrozenDictionary<string, Model>> ByCatalog = [];

    /// <summary>True for names with a tilde: they are never ids.</summary>
    public static bool IsMarked(string name) => name.Length > 1 && name[0] == '~';

    /// <summary>The newest model; null: no such family.</summary>
    public static Model? Find(string name, CatalogSnapshot catalog)
    {
        if (!name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)) return null;
        var families = ByCatalog.GetValue(catalog, static snapshot => Index(snapshot));
        return families.GetValueOrDefault(name[(IsMarked(name) ? 1 : 0)..^Suffix.Length]);
    }

    /// <summary>The family of a model id; null: a variant, which has none.</summary>
    internal static string? FamilyOf(string id)
    {
        if (id.Contains(':', StringComparison.Ordinal)) return null;
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var words = id[(slash + 1)..].Split('-').Where(word => word.Length > 0 && !char.IsAsciiDigit(word[0]) && !Stages.Contains(word));
        return $"{id[..slash]}/{string.Join('-', words)}";
    }

    private static FrozenDictionary<string, Model> Index(CatalogSnapshot catalog)
    {
        var newest = new Dictionary<string, Model>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in catalog.Models)
        {
            if (FamilyOf(model.Id) is not { } family) continue;
            if (!newest.TryGetValue(family, out var other) || IsNewer(model, other)) newest[family] = model;
        }
        var families = newest.GroupBy(family => family.Key[(family.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], StringComparer.OrdinalIgnoreCase);
        foreach (var authors in families.ToArray())
            if (authors.Count() == 1) newest.TryAdd(authors.Key, authors.Single().Value);
        return newest.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsNewer(Model model, Model other) =>
        model.Created != other.Created ? model.Created > other.Created : string.CompareOrdinal(model.Id, other.Id) > 0;
}
