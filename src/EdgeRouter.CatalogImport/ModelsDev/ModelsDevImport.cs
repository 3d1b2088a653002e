using System.Globalization;
using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>Reads the api.json of models.dev: the same model at several providers becomes one model with several endpoints.</summary>
internal sealed class ModelsDevImport(IReadOnlyList<ProviderDefinition> providerTable, Joins joins, string? sourceDate, ImportReport report)
{
    private const string Canonical = "openrouter";
    private const string OtherWire = "served over another wire or address of the provider";
    private readonly Dictionary<string, ProviderDefinition> providers = providerTable.ToDictionary(provider => provider.Slug, StringComparer.Ordinal);
    private readonly ModelIndex index = new(joins);
    private readonly ImportedCatalog catalog = new();

    public ImportedCatalog Run(JsonElement root)
    {
        // Canonical names first, then the authors' own providers (their rows describe new models best), then the rest by name.
        foreach (var provider in root.EnumerateObject()
            .OrderBy(provider => provider.Name == Canonical ? 0 : joins.Providers.GetValueOrDefault(provider.Name)?.Author is not null ? 1 : 2)
            .ThenBy(provider => provider.Name, StringComparer.Ordinal))
            foreach (var row in provider.Value.Member("models") is { ValueKind: JsonValueKind.Object } models ? models.EnumerateObject() : default)
                ReadRow(provider.Name, row.Name, row.Value);
        foreach (var model in catalog.Models) MoveCanonicalLast(model.Endpoints);
        return catalog;
    }

    private void ReadRow(string providerName, string rowName, JsonElement row)
    {
        var upstreamModel = row.Text("id") ?? rowName;
        var label = $"{providerName}/{upstreamModel}";
        if (FindProvider(providerName, row) is not { } join)
        {
            report.Skip(joins.Providers.ContainsKey(providerName) ? OtherWire : "provider not in the provider table", label);
            return;
        }
        var provider = providers[join.Slug];
        var isEmbeddings = ModelsDevModel.MakesEmbeddings(row, upstreamModel);
        if ((isEmbeddings ? WhyNoEmbeddings(provider, row) : WhyNot(providerName, upstreamModel, row)) is { } reason)
        {
            report.Skip(reason, label);
            return;
        }
        // Gemini's wire carries Google's own models; those of others are served at another address.
        if (provider.Dialect == WireNames.Gemini && upstreamModel.Contains('/', StringComparison.Ordinal))
        {
            report.Skip(OtherWire, label);
            return;
        }
        var pricing = ModelsDevPricing.Read(row.Member("cost"), provider.Dialect is WireNames.AnthropicMessages && join.Author == "anthropic");
        if (pricing is null) report.Skip("no price", label);
        else if (pricing.Prompt == 0 && pricing.Completion == 0 && !IsFree(label, upstreamModel))
            report.Skip("price of zero: a plan or no price, not a free model", label);
        else if (pricing.InputCacheRead > pricing.Prompt) report.Skip("implausible price: a cached token costs more than a fresh one", label);
        else if (pricing.Completion == 0 && pricing.Prompt > 0 && !isEmbeddings) report.Skip("no price for output", label);
        else Place(row, provider, join, upstreamModel, label, pricing);
    }

    private void Place(JsonElement row, ProviderDefinition provider, ProviderJoin join, string upstreamModel, string label, Pricing pricing)
    {
        var baseModel = row.Text("base_model") is { } text && text.Contains('/', StringComparison.Ordinal) ? text : null;
        var name = ModelName.Parse(upstreamModel);
        var id = provider.Slug == Canonical ? upstreamModel : index.Find(name, baseModel, join.Author);
        if (id is null)
        {
            report.Skip("author of the model not known", label);
            return;
        }
        if (catalog.Find(id) is not { } model)
        {
            catalog.Add(model = ModelsDevModel.Read(row, id, sourceDate));
            index.Add(id, provider.Slug == Canonical && !id.Contains(':', StringComparison.Ordinal) ? baseModel : null);
        }
        var variant = name.Region ?? (provider.Slug == Canonical ? null : name.VariantAgainst(id));
        var tag = variant is null ? provider.Slug : $"{provider.Slug}/{variant}";
        if (model.Endpoints.Exists(other => other.Tag == tag)) report.Skip("another name of a row that is used", label);
        else model.Endpoints.Add(ReadEndpoint(row, provider, join, upstreamModel, tag, name, pricing));
    }

    private static ImportedEndpoint ReadEndpoint(
        JsonElement row, ProviderDefinition provider, ProviderJoin join, string upstreamModel, string tag, ModelName name, Pricing pricing)
    {
        var limit = row.Member("limit");
        // Its "output" is the length of a vector there.
        var makesText = !ModelsDevModel.MakesEmbeddings(row, upstreamModel);
        return new ImportedEndpoint(provider.Slug, tag, upstreamModel)
        {
            ContextLength = limit.Positive("context"),
            MaxCompletionTokens = makesText ? limit.Positive("output") : null,
            MaxPromptTokens = limit.Positive("input"),
            Quantization = name.Quantization,
            Pricing = pricing,
            SupportedParameters = makesText ? ModelsDevParameters.Read(row, provider, join.Parameters ?? []) : RequestParameters.None,
            Regions = name.Region is null or "global" ? [] : [name.Region],
            // Anthropic's models cache on request only, wherever they run; the others that have a price for it cache automatically.
            ImplicitCaching = pricing.InputCacheRead is not null && !name.Slug.Contains("claude", StringComparison.Ordinal),
        };
    }

    private ProviderJoin? FindProvider(string providerName, JsonElement row)
    {
        var provider = row.Member("provider");
        var join = joins.Providers.GetValueOrDefault(providerName);
        if (join is null || provider.ValueKind != JsonValueKind.Object) return join;
        if (provider.Text("npm") is { } npm && joins.Providers.TryGetValue($"{providerName}|{npm}", out var other)) return other;
        var ours = providers[join.Slug];
        var sameWire = provider.Text("npm") is not { } kit
            || (kit.Contains("openai", StringComparison.Ordinal) == (ours.Dialect == WireNames.OpenAIChat)
                && kit.Contains("anthropic", StringComparison.Ordinal) == (ours.Dialect == WireNames.AnthropicMessages));
        var sameAddress = provider.Text("api") is not { } api || api.TrimEnd('/') == ours.BaseUrl;
        return sameWire && sameAddress && provider.Text("shape") is null or "completions" ? join : null;
    }

    private static string? WhyNoEmbeddings(ProviderDefinition provider, JsonElement row)
    {
        if (row.Text("status") == "deprecated") return "deprecated";
        return provider.Dialect is WireNames.OpenAIChat or WireNames.Gemini ? null : "the provider's wire format carries no embeddings";
    }

    private string? WhyNot(string providerName, string upstreamModel, JsonElement row)
    {
        var lower = upstreamModel.ToLower(CultureInfo.InvariantCulture);
        if (row.Text("status") == "deprecated") return "deprecated";
        if (!row.Member("modalities").Texts("output").Contains("text")) return "unsupported output modality";
        if (joins.NotChat.Any(part => lower.Contains(part, StringComparison.Ordinal))) return "not a chat model, or a derivative under its origin's name";
        if (lower.StartsWith('~') || lower.StartsWith("openrouter/", StringComparison.Ordinal)) return "a router or floating name, not a model";
        if (lower.EndsWith("-latest", StringComparison.Ordinal) && !joins.SameModel.ContainsKey(lower)) return "a router or floating name, not a model";
        if (joins.ResponsesOnly.TryGetValue(providerName, out var parts) && parts.Any(part => lower.Contains(part, StringComparison.Ordinal)))
            return "served over the Responses API only";
        return null;
    }

    private bool IsFree(string label, string upstreamModel) =>
        joins.Free.Contains(label) || (label.StartsWith(Canonical, StringComparison.Ordinal) && upstreamModel.EndsWith(":free", StringComparison.Ordinal));

    private static void MoveCanonicalLast(List<ImportedEndpoint> endpoints)
    {
        if (endpoints[0].Provider != Canonical) return;
        endpoints.Add(endpoints[0]);
        endpoints.RemoveAt(0);
    }
}
