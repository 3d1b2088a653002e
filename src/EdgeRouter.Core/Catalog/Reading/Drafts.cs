namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>A model while documents are merged. Null: no document has the member.</summary>
internal sealed class ModelDraft(string id)
{
    public string Id { get; } = id;
    public string? CanonicalSlug { get; set; }
    public string? Name { get; set; }
    public string? Description { get; set; }
    public long? Created { get; set; }
    public long? ContextLength { get; set; }
    public List<string>? InputModalities { get; set; }
    public List<string>? OutputModalities { get; set; }
    public string? HuggingFaceId { get; set; }
    public string? KnowledgeCutoff { get; set; }
    public bool? Distillable { get; set; }
    public string? Source { get; set; }
    public string? SourceDate { get; set; }
    public List<string>? Aliases { get; set; }

    /// <summary>Providers of rows that were dropped, because they do not serve; in catalog order, each once.</summary>
    public List<string> Absent { get; } = [];

    /// <summary>In catalog order; tags are unique.</summary>
    public List<EndpointDraft> Endpoints { get; } = [];

    /// <summary>Drops a row whose provider does not serve, and the one that it replaces.</summary>
    public void Drop(EndpointDraft row)
    {
        Endpoints.RemoveAll(endpoint => endpoint.Tag == row.Tag);
        if (!Absent.Contains(row.Provider)) Absent.Add(row.Provider);
    }

    /// <summary>Adds the row, or replaces the one with its tag.</summary>
    public void Put(EndpointDraft row)
    {
        var index = Endpoints.FindIndex(endpoint => endpoint.Tag == row.Tag);
        if (index < 0) Endpoints.Add(row);
        else Endpoints[index] = row;
    }
}

/// <summary>An endpoint row; replaced as a whole by a later one with its tag.</summary>
internal sealed class EndpointDraft(string provider, string tag)
{
    public string Provider { get; } = provider;
    public string Tag { get; } = tag;
    public string UpstreamModel { get; set; } = "";
    public long? ContextLength { get; set; }
    public long? MaxCompletionTokens { get; set; }
    public long? MaxPromptTokens { get; set; }
    public string? Quantization { get; set; }
    public Pricing? Pricing { get; set; }
    public RequestParameters? SupportedParameters { get; set; }
    public DataPolicy? DataPolicy { get; set; }
    public List<string>? Regions { get; set; }
    public bool? ImplicitCaching { get; set; }
    public AssistantPrefill? Prefill { get; set; }
}
