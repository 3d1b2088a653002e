using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Tests.Catalog.Names;

/// <summary>Catalogs written as lines: <c>author/slug: provider=name, provider=name</c>.</summary>
internal static class NamesFixture
{
    public static CatalogSnapshot Catalog(IReadOnlyList<string> served, IReadOnlyList<string>? unserved = null,
        IReadOnlyDictionary<string, string>? aliases = null) =>
        new([.. served.Select(Model)], [], aliases ?? new Dictionary<string, string>())
        {
            Unserved = [.. (unserved ?? []).Select(id => new UnservedModel(id, ["FAR_API_KEY"]))],
        };

    private static Model Model(string line)
    {
        var end = line.LastIndexOf(": ", StringComparison.Ordinal);
        var id = line[..end];
        var model = new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = id,
            InputModalities = FrozenSet.Create("text"),
            OutputModalities = FrozenSet.Create("text"),
        };
        model.Endpoints = [.. line[(end + 2)..].Split(", ").Select(row => row.Split('=')).Select(row => new Endpoint
        {
            Model = model,
            Provider = new Provider { Slug = row[0], Name = row[0], Wire = WireNames.OpenAIChat, Auth = AuthSchemes.Bearer },
            Tag = row[0],
            UpstreamModel = row[1],
            DataPolicy = DataPolicy.Unknown,
        })];
        return model;
    }
}
