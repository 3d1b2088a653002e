using System.Globalization;
using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.OpenRouter;

/// <summary>Reads the answer of OpenRouter's <c>/models</c> or <c>/embeddings/models</c>: each model becomes one with OpenRouter as its endpoint.</summary>
internal static class OpenRouterImport
{
    private const string Provider = "openrouter";

    public static ImportedCatalog Run(JsonElement models, string? sourceDate, ImportReport report)
    {
        var catalog = new ImportedCatalog();
        foreach (var row in models.EnumerateArray())
        {
            var id = row.Text("id");
            if (id is null || id.Count(c => c == '/') != 1 || id.StartsWith('~')) report.Skip("not a model's own id", id ?? "(no id)");
            else if (catalog.Find(id) is not null) report.Skip("twice in the input", id);
            else if (Read(row, id, sourceDate, report) is { } model) catalog.Add(model);
        }
        return catalog;
    }

    private static ImportedModel? Read(JsonElement row, string id, string? sourceDate, ImportReport report)
    {
        var architecture = row.Member("architecture");
        var output = architecture.Texts("output_modalities");
        if (!output.Contains("text") && !output.Contains("embeddings")) return Skip("unsupported output modality", id, report);
        if (Prices(row.Member("pricing")) is not { } pricing) return Skip("no price", id, report);
        var top = row.Member("top_provider");
        var model = new ImportedModel(id)
        {
            CanonicalSlug = row.Text("canonical_slug"),
            Name = row.Text("name") ?? id,
            Description = row.Text("description"),
            Created = row.Whole("created"),
            ContextLength = row.Positive("context_length"),
            InputModalities = architecture.Texts("input_modalities"),
            OutputModalities = output,
            HuggingFaceId = row.Text("hugging_face_id"),
            KnowledgeCutoff = row.Text("knowledge_cutoff"),
            Source = "openrouter.ai",
            SourceDate = sourceDate,
        };
        model.Endpoints.Add(new ImportedEndpoint(Provider, Provider, id)
        {
            ContextLength = top.Positive("context_length") ?? row.Positive("context_length"),
            MaxCompletionTokens = top.Positive("max_completion_tokens"),
            Pricing = pricing,
            SupportedParameters = Parameters(row, id, report),
        });
        return model;
    }

    private static ImportedModel? Skip(string reason, string id, ImportReport report)
    {
        report.Skip(reason, id);
        return null;
    }

    private static RequestParameters Parameters(JsonElement row, string id, ImportReport report)
    {
        var set = RequestParameters.None;
        foreach (var name in row.Texts("supported_parameters"))
        {
            if (RequestParameterNames.ByName.TryGetValue(name, out var parameter)) set |= parameter;
            else report.Skip($"unknown parameter {name} (the model is used)", id);
        }
        return set;
    }

    private static Pricing? Prices(JsonElement pricing)
    {
        if (Price(pricing, "prompt") is not { } prompt || Price(pricing, "completion") is not { } completion) return null;
        return new Pricing
        {
            Prompt = prompt,
            Completion = completion,
            InputCacheRead = Price(pricing, "input_cache_read"),
            InputCacheWrite = Price(pricing, "input_cache_write"),
            InputCacheWrite1h = Price(pricing, "input_cache_write_1h"),
            InternalReasoning = Price(pricing, "internal_reasoning"),
            Audio = Price(pricing, "audio"),
            AudioOutput = Price(pricing, "audio_output"),
            Image = Price(pricing, "image"),
            ImageToken = Price(pricing, "image_token"),
            ImageOutput = Price(pricing, "image_output"),
            Request = Price(pricing, "request"),
            WebSearch = Price(pricing, "web_search"),
            Overrides = [.. pricing.Items("overrides").Where(tier => tier.Positive("min_prompt_tokens") is not null).Select(ReadOverride)
                .OrderBy(tier => tier.MinPromptTokens)],
        };
    }

    private static PricingOverride ReadOverride(JsonElement tier) => new((int)tier.Positive("min_prompt_tokens")!.Value)
    {
        Prompt = Price(tier, "prompt"),
        Completion = Price(tier, "completion"),
        InputCacheRead = Price(tier, "input_cache_read"),
        InputCacheWrite = Price(tier, "input_cache_write"),
        Audio = Price(tier, "audio"),
    };

    /// <summary>Null also for the negative prices by which OpenRouter marks models whose price depends on what they route to.</summary>
    private static decimal? Price(JsonElement pricing, string name) =>
        pricing.Text(name) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price >= 0 ? price : null;
}
