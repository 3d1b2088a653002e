using System.Text.Json;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>
/// What the importer must be told, as data (joins.json): which of models.dev's providers are in our provider table (and whose own models they sell, and which
/// parameters they take beyond their wire's common ones), how authors are spelled, which names mean the same model, and what is no chat model.
/// </summary>
internal sealed record Joins
{
    /// <summary>By models.dev's slug, or <c>slug|npm</c> for rows served over another wire.</summary>
    public required IReadOnlyDictionary<string, ProviderJoin> Providers { get; init; }

    /// <summary>Author of an id's or base model's first part.</summary>
    public required IReadOnlyDictionary<string, string> Authors { get; init; }

    /// <summary>Author of models whose names begin so; the longest prefix wins.</summary>
    public required IReadOnlyDictionary<string, string> NamePrefixes { get; init; }

    /// <summary>Names whose spelling does not show which model they mean: slug to model id.</summary>
    public required IReadOnlyDictionary<string, string> SameModel { get; init; }

    /// <summary>Parts of names of models that are not for chat.</summary>
    public required IReadOnlyList<string> NotChat { get; init; }

    /// <summary>Parts of names of models that a provider serves over the Responses API only.</summary>
    public required IReadOnlyDictionary<string, string[]> ResponsesOnly { get; init; }

    /// <summary>Rows (<c>provider/model</c>) that are free for everyone; every other price of zero means "included in a plan".</summary>
    public required IReadOnlyList<string> Free { get; init; }

    public static Joins Read()
    {
        using var stream = typeof(Joins).Assembly.GetManifestResourceStream("EdgeRouter.CatalogImport.ModelsDev.joins.json")!;
        return JsonSerializer.Deserialize<Joins>(stream, JsonOptions)!;
    }

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };
}

/// <summary>A provider of models.dev in our table.</summary>
/// <param name="Slug">Our slug.</param>
/// <param name="Author">Author of the models that stand there without one; null: it sells others' models.</param>
/// <param name="Parameters">Parameters beyond the wire's common ones.</param>
internal sealed record ProviderJoin(string Slug, string? Author = null, string[]? Parameters = null);
