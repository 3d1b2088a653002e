namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Reads one row of a model's <c>endpoints</c>.</summary>
internal static class EndpointReader
{
    private const int MaxTokens = 1_000_000_000;
    private const string Members = "provider, tag, upstream_model, context_length, max_completion_tokens, max_prompt_tokens, quantization, pricing, "
        + "supported_parameters, data_policy, regions, implicit_caching, prefill";

    /// <summary>The row, or null when it has no usable provider. Its other faults are reported and leave their members out.</summary>
    public static EndpointDraft? Read(ref JsonCursor json, IReadOnlyDictionary<string, ProviderDefinition> providers)
    {
        var provider = json.Peek("provider"u8);
        var row = new EndpointDraft(provider ?? "", json.Peek("tag"u8) ?? provider ?? "");
        if (!json.BeginObject()) return null;
        while (json.NextMember() is { } name)
        {
            if (json.IsNull) continue;
            switch (name)
            {
                case "provider": json.Checked(providers.ContainsKey, "the slug of a provider in the provider table or of a provider in a catalog file"); break;
                case "tag": json.Checked(CatalogVocabulary.IsSlug, "lower case letters, digits, '.', '-', '_' and '/'"); break;
                case "upstream_model": row.UpstreamModel = json.Text() ?? "-"; break;
                case "context_length": row.ContextLength = json.Integer(1, MaxTokens); break;
                case "max_completion_tokens": row.MaxCompletionTokens = json.Integer(1, MaxTokens); break;
                case "max_prompt_tokens": row.MaxPromptTokens = json.Integer(1, MaxTokens); break;
                case "quantization": row.Quantization = json.OneOf(CatalogVocabulary.Quantizations); break;
                case "pricing": row.Pricing = PricingReader.Read(ref json); break;
                case "supported_parameters": row.SupportedParameters = json.Parameters(); break;
                case "data_policy": row.DataPolicy = json.DataPolicy(); break;
                case "regions": row.Regions = json.Texts(); break;
                case "implicit_caching": row.ImplicitCaching = json.Boolean(); break;
                case "prefill": row.Prefill = json.Prefill(); break;
                default: json.UnknownMember(Members); break;
            }
        }
        if (provider is null) json.Report("expected a provider's slug", "provider");
        if (row.UpstreamModel.Length == 0) json.Report("expected the provider's name of the model", "upstream_model");
        return provider is not null && providers.ContainsKey(provider) ? row : null;
    }
}
