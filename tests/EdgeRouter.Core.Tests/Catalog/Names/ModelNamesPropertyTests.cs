using EdgeRouter.Core.Catalog.Names;
using Xunit;

namespace EdgeRouter.Core.Tests.Catalog.Names;

/// <summary>What holds of every name in every catalog.</summary>
public sealed class ModelNamesPropertyTests
{
    private static readonly string[] Authors = ["acme", "wise", "calm"];
    private static readonly string[] Bases = ["owl-4o", "owl-4.5", "owl-4-5", "bear", "bear-mini", "owl.4.5"];
    private static readonly string[] Ends = ["", "", "-2024-08-06", "-20240806", "-2411", "-0613", "-latest", ":free", "-08-2024"];

    [Fact]
    public void An_id_is_always_what_it_says() => ForRandomCatalogs((random, lines, unserved) =>
    {
        var catalog = NamesFixture.Catalog(lines, unserved, RandomAliases(random, lines));
        foreach (var model in catalog.Models) Assert.Same(model, catalog.FindModel(model.Id));
    });

    [Fact]
    public void Order_of_the_catalog_changes_no_answer() => ForRandomCatalogs((random, lines, unserved) =>
    {
        var one = NamesFixture.Catalog(lines, unserved);
        random.Shuffle(lines);
        random.Shuffle(unserved);
        var other = NamesFixture.Catalog(lines, unserved);
        for (var i = 0; i < 40; i++)
        {
            var name = RandomName(random);
            Assert.Equal(Describe(one.Names.Find(name)), Describe(other.Names.Find(name)));
            Assert.Equal(one.Names.Suggest(name), other.Names.Suggest(name));
        }
    });

    [Fact]
    public void What_is_found_is_served_and_shares_its_spelling_with_the_name() => ForRandomCatalogs((random, lines, unserved) =>
    {
        var catalog = NamesFixture.Catalog(lines, unserved);
        for (var i = 0; i < 40; i++)
        {
            var name = RandomName(random);
            var match = catalog.Names.Find(name);
            if (match.Candidates is { } candidates)
            {
                Assert.InRange(candidates.Count, 2, lines.Length);
                Assert.All(candidates, id => Assert.NotNull(catalog.FindModel(id)));
            }
            if (match.Model is not { } model) continue;
            Assert.Contains(model, catalog.Models);
            var names = model.Endpoints.Select(endpoint => endpoint.UpstreamModel).Append(model.Id).Select(Bare);
            Assert.Contains(Bare(name), names);
            if (name.Contains('/')) Assert.Equal(model.Author, name[..name.IndexOf('/')], ignoreCase: true);
        }
    });

    [Fact]
    public void A_model_that_is_added_never_moves_a_name_to_a_third_model() => ForRandomCatalogs((random, lines, unserved) =>
    {
        var before = NamesFixture.Catalog(lines[1..], unserved);
        var after = NamesFixture.Catalog(lines, unserved);
        var added = lines[0][..lines[0].LastIndexOf(": ", StringComparison.Ordinal)];
        for (var i = 0; i < 40; i++)
        {
            var name = RandomName(random);
            if (name.EndsWith("-latest", StringComparison.Ordinal)) continue;
            if (before.Names.Find(name).Model is not { } model || after.Names.Find(name).Model is not { } now) continue;
            Assert.True(now.Id == model.Id || now.Id == added, $"{name}: {model.Id}, then {now.Id}, when {added} was added");
        }
    });

    private static string Bare(string name)
    {
        var slug = ModelSpelling.Slug(ModelSpelling.Normalise(name));
        if (ModelSpelling.TryRemoveLatest(slug, out var rest)) slug = rest;
        return ModelSpelling.RemoveDate(slug, out _).ToString();
    }

    private static string Describe(NameMatch match) =>
        $"{match.Model?.Id} | {match.Unserved?.Id} | {(match.Candidates is null ? "" : string.Join(' ', match.Candidates))}";

    private static void ForRandomCatalogs(Action<Random, string[], string[]> check)
    {
        var random = new Random(41);
        for (var round = 0; round < 300; round++)
        {
            var ids = Enumerable.Range(0, random.Next(2, 12)).Select(_ => RandomId(random)).Distinct().ToArray();
            var served = random.Next(1, ids.Length + 1);
            var lines = ids[..served].Select(id => $"{id}: p={RandomProviderName(random, id)}, q={RandomProviderName(random, id)}").ToArray();
            check(random, lines, ids[served..]);
        }
    }

    private static Dictionary<string, string> RandomAliases(Random random, string[] lines) =>
        new(StringComparer.OrdinalIgnoreCase) { [RandomName(random)] = lines[0][..lines[0].LastIndexOf(": ", StringComparison.Ordinal)] };

    private static string RandomId(Random random) => $"{Pick(random, Authors)}/{Pick(random, Bases)}{Pick(random, Ends)}";

    private static string RandomProviderName(Random random, string id) =>
        random.Next(3) == 0 ? Pick(random, Bases) + Pick(random, Ends) : id[(id.IndexOf('/') + 1)..].Replace('.', '-');

    private static string RandomName(Random random)
    {
        var name = Pick(random, Bases) + Pick(random, Ends);
        if (random.Next(2) == 0) name = $"{Pick(random, Authors)}/{name}";
        return random.Next(3) == 0 ? name.ToUpperInvariant() : name;
    }

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}
