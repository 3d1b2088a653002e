using System.Numerics;

namespace EdgeRouter.Core.Catalog.Names;

/// <summary>
/// Finds models whose names are close to a mistyped one: the same words in another order, a name that goes on, or one with a few other letters. A
/// name costs a comparison of two integers for each model, and at most <see cref="MaxComparisons"/> comparisons of letters. Immutable.
/// </summary>
internal sealed class NearMisses
{
    /// <summary>At most so many are suggested.</summary>
    public const int MaxFound = 3;

    private const int MaxComparisons = 64;
    private const int MaxLength = 64;
    private readonly (string Slug, string Id, ulong Letters, ulong Words)[] models;

    public NearMisses(IReadOnlyList<Model> served)
    {
        models = [.. served.Select(static model => (Slug: ModelSpelling.Normalise(ModelSpelling.Slug(model.Id)), model.Id))
            .Select(static named => (named.Slug, named.Id, LettersOf(named.Slug), WordsOf(named.Slug)))
            .OrderBy(static named => named.Id, StringComparer.Ordinal)];
    }

    /// <summary>Ids, best first, and equally good ones in ordinal order.</summary>
    /// <param name="slug">A normalised name without author.</param>
    public IReadOnlyList<string> Find(ReadOnlySpan<char> slug)
    {
        if (slug.Length is 0 or > MaxLength) return [];
        var letters = LettersOf(slug);
        var words = WordsOf(slug);
        var allowed = Math.Clamp(slug.Length / 4, 1, 3);
        var comparisons = 0;
        var found = new List<(int Rank, string Id)>();
        foreach (var model in models)
        {
            int rank;
            if (model.Words == words) rank = 0;
            else if (model.Slug.Length > slug.Length && model.Slug[slug.Length] == '-' && model.Slug.AsSpan().StartsWith(slug)) rank = 2;
            else if (Math.Abs(model.Slug.Length - slug.Length) > allowed) continue;
            else if (BitOperations.PopCount(model.Letters ^ letters) > 2 * allowed) continue;
            else if (comparisons++ >= MaxComparisons) continue;
            else if (EditDistance.Of(slug, model.Slug, allowed) is var distance && distance > allowed) continue;
            else rank = distance;
            found.Add((rank, model.Id));
        }
        if (found.Count == 0) return [];
        return [.. found.OrderBy(near => near.Rank).ThenBy(near => near.Id, StringComparer.Ordinal).Take(MaxFound).Select(near => near.Id)];
    }

    /// <summary>A bit for each letter and digit that occurs.</summary>
    private static ulong LettersOf(ReadOnlySpan<char> slug)
    {
        var set = 0UL;
        foreach (var letter in slug) set |= 1UL << (letter & 63);
        return set;
    }

    /// <summary>A hash of the words, whatever their order.</summary>
    private static ulong WordsOf(ReadOnlySpan<char> slug)
    {
        var sum = 0UL;
        foreach (var word in slug.Split('-'))
        {
            var hash = 14695981039346656037UL;
            foreach (var letter in slug[word]) hash = (hash ^ letter) * 1099511628211UL;
            sum += hash;
        }
        return sum;
    }
}
