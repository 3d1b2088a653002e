using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.Imported;

/// <summary>The result of an import: models by id, in the order of the input.</summary>
internal sealed class ImportedCatalog
{
    private readonly Dictionary<string, ImportedModel> byId = new(StringComparer.Ordinal);

    public List<ImportedModel> Models { get; } = [];

    public int EndpointCount => Models.Sum(model => model.Endpoints.Count);

    public ImportedModel? Find(string id) => byId.GetValueOrDefault(id);

    public void Add(ImportedModel model)
    {
        byId.Add(model.Id, model);
        Models.Add(model);
    }
}

/// <summary>One model, with the members of a catalog file. Null: not given.</summary>
internal sealed record ImportedModel(string Id)
{
    public string? CanonicalSlug { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public long? Created { get; init; }
    public long? ContextLength { get; init; }
    public required IReadOnlyList<string> InputModalities { get; init; }
    public required IReadOnlyList<string> OutputModalities { get; init; }
    public string? HuggingFaceId { get; init; }
    public string? KnowledgeCutoff { get; init; }
    public required string Source { get; init; }
    public string? SourceDate { get; init; }
    public List<ImportedEndpoint> Endpoints { get; } = [];
}

/// <summary>One endpoint row, with the members of a catalog file. Null: not given.</summary>
internal sealed record ImportedEndpoint(string Provider, string Tag, string UpstreamModel)
{
    public long? ContextLength { get; init; }
    public long? MaxCompletionTokens { get; init; }
    public long? MaxPromptTokens { get; init; }
    public string? Quantization { get; init; }
    public required Pricing Pricing { get; init; }
    public RequestParameters SupportedParameters { get; init; }
    public IReadOnlyList<string> Regions { get; init; } = [];
    public bool ImplicitCaching { get; init; }
}
