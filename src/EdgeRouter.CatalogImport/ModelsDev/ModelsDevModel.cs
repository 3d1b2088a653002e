using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Json;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>A model's own facts, from the first row that names it.</summary>
internal static class ModelsDevModel
{
    private static readonly string[] InputModalities = ["text", "image", "file", "audio", "video"];
    private static readonly string[] OutputModalities = ["text", "image", "audio", "video"];

    /// <summary>Whether a row is of a model that makes embeddings: models.dev gives those the output modality text.</summary>
    public static bool MakesEmbeddings(JsonElement row, string upstreamModel) =>
        row.Text("family")?.Contains("embed", StringComparison.Ordinal) == true || upstreamModel.Contains("embed", StringComparison.OrdinalIgnoreCase);

    public static ImportedModel Read(JsonElement row, string id, string? sourceDate) => new(id)
    {
        Name = row.Text("name")?.Replace(" (latest)", "", StringComparison.Ordinal) ?? id,
        Created = UnixSeconds(row.Text("release_date")),
        ContextLength = row.Member("limit").Positive("context"),
        InputModalities = Modalities(row.Member("modalities").Texts("input"), InputModalities),
        OutputModalities = MakesEmbeddings(row, row.Text("id") ?? id)
            ? ["embeddings"] : Modalities(row.Member("modalities").Texts("output"), OutputModalities),
        HuggingFaceId = HuggingFaceId(row),
        KnowledgeCutoff = row.Text("knowledge"),
        Source = "models.dev",
        SourceDate = sourceDate,
    };

    private static List<string> Modalities(List<string> theirs, string[] known)
    {
        var ours = theirs.ConvertAll(name => name == "pdf" ? "file" : name);
        List<string> used = [.. known.Where(ours.Contains)];
        return used.Count == 0 ? ["text"] : used;
    }

    private static string? HuggingFaceId(JsonElement row)
    {
        const string site = "https://huggingface.co/";
        foreach (var weights in row.Items("weights"))
            if (weights.Text("url") is { } url && url.StartsWith(site, StringComparison.Ordinal)) return url[site.Length..].TrimEnd('/');
        return null;
    }

    private static long? UnixSeconds(string? date)
    {
        if (date is null || date.Length is not (4 or 7 or 10)) return null;
        return DateOnly.TryParseExact(date + "-01-01"[..(10 - date.Length)], "yyyy-MM-dd", out var day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds()
            : null;
    }
}
