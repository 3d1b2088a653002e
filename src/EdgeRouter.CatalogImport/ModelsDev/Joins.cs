using System.Text.Json;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>
/// Facts that models.dev does not have, as data (joins.json): which of its providers are in the provider table (with the author whose models they
/// sell, and the parameters that they accept beyond the common ones of their wire format), how authors are spelled, which names mean the same model,
/// and which models are not for chat.
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

/// <summary>A provider of models.dev in the provider table.</summary>
/// <param name="Slug">Slug in the provider table.</param>
/// <param name="Author">Author of its models that are listed without one; null: it sells models of others.</param>
/// <param name="Parameters">Parameters beyond the common ones of the wire format.</param>
internal sealed record ProviderJoin(string Slug, string? Author = null, string[]? Parameters = null);
