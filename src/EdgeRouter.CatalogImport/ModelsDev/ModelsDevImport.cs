using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>Reads the api.json of models.dev: the same model at several vendors becomes one model with several endpoints.</summary>
internal sealed class ModelsDevImport(IReadOnlyList<ProviderDefinition> vendorTable, Joins joins, string? sourceDate, ImportReport report)
{
    private const string Canonical = "openrouter";
    private const string OtherWire = "served over another wire or address of the vendor";
    private readonly Dictionary<string, ProviderDefinition> vendors = vendorTable.ToDictionary(vendor => vendor.Slug, StringComparer.Ordinal);
    private readonly ModelIndex index = new(joins);
    private readonly ImportedCatalog catalog = new();

    public ImportedCatalog Run(JsonElement root)
    {
        // Canonical names first, then the authors' own vendors (their rows describe new models best), then the rest by name.
        foreach (var vendor in root.EnumerateObject()
            .OrderBy(vendor => vendor.Name == Canonical ? 0 : joins.Vendors.GetValueOrDefault(vendor.Name)?.Author is not null ? 1 : 2)
            .ThenBy(vendor => vendor.Name, StringComparer.Ordinal))
            foreach (var row in vendor.Value.Member("models") is { ValueKind: JsonValueKind.Object } models ? models.EnumerateObject() : default)
                ReadRow(vendor.Name, row.Name, row.Value);
        foreach (var model in catalog.Models) MoveCanonicalLast(model.Endpoints);
        return catalog;
    }

    private void ReadRow(string vendorName, string rowName, JsonElement row)
    {
        var upstreamModel = row.Text("id") ?? rowName;
        var label = $"{vendorName}/{upstreamModel}";
        if (FindVendor(vendorName, row) is not { } join)
        {
            report.Skip(joins.Vendors.ContainsKey(vendorName) ? OtherWire : "vendor not in the vendor table", label);
            return;
        }
        if (WhyNot(vendorName, upstreamModel, row) is { } reason)
        {
            report.Skip(reason, label);
            return;
        }
        var vendor = vendors[join.Slug];
        // Gemini's wire carries Google's own models; those of others stand beside it at another address.
        if (vendor.Dialect == DialectNames.Gemini && upstreamModel.Contains('/', StringComparison.Ordinal))
        {
            report.Skip(OtherWire, label);
            return;
        }
        var pricing = ModelsDevPricing.Read(row.Member("cost"), vendor.Dialect is DialectNames.AnthropicMessages && join.Author == "anthropic");
        if (pricing is null) report.Skip("no price", label);
        else if (pricing.Prompt == 0 && pricing.Completion == 0 && !IsFree(label, upstreamModel)) report.Skip("price of zero: a plan or no price, not a free model", label);
        else if (pricing.InputCacheRead > pricing.Prompt) report.Skip("implausible price: reading the cache costs more than reading afresh", label);
        else if (pricing.Completion == 0 && pricing.Prompt > 0) report.Skip("no price of output", label);
        else Place(row, vendor, join, upstreamModel, label, pricing);
    }

    private void Place(JsonElement row, ProviderDefinition vendor, VendorJoin join, string upstreamModel, string label, Pricing pricing)
    {
        var baseModel = row.Text("base_model") is { } text && text.Contains('/', StringComparison.Ordinal) ? text : null;
        var name = ModelName.Parse(upstreamModel);
        var id = vendor.Slug == Canonical ? upstreamModel : index.Find(name, baseModel, join.Author);
        if (id is null)
        {
            report.Skip("author of the model not known", label);
            return;
        }
        if (catalog.Find(id) is not { } model)
        {
            catalog.Add(model = ModelsDevModel.Read(row, id, sourceDate));
            index.Add(id, vendor.Slug == Canonical && !id.Contains(':', StringComparison.Ordinal) ? baseModel : null);
        }
        var variant = name.Region ?? (vendor.Slug == Canonical ? null : name.VariantAgainst(id));
        var tag = variant is null ? vendor.Slug : $"{vendor.Slug}/{variant}";
        if (model.Endpoints.Exists(other => other.Tag == tag)) report.Skip("another name of a row that is used", label);
        else model.Endpoints.Add(ReadEndpoint(row, vendor, join, upstreamModel, tag, name, pricing));
    }

    private static ImportedEndpoint ReadEndpoint(
        JsonElement row, ProviderDefinition vendor, VendorJoin join, string upstreamModel, string tag, ModelName name, Pricing pricing)
    {
        var limit = row.Member("limit");
        return new ImportedEndpoint(vendor.Slug, tag, upstreamModel)
        {
            ContextLength = limit.Positive("context"),
            MaxCompletionTokens = limit.Positive("output"),
            MaxPromptTokens = limit.Positive("input"),
            Quantization = name.Quantization,
            Pricing = pricing,
            SupportedParameters = ModelsDevParameters.Read(row, vendor, join.Parameters ?? []),
            Regions = name.Region is null or "global" ? [] : [name.Region],
            // Anthropic's models cache on request only, wherever they run; the others that have a price for it cache unasked.
            ImplicitCaching = pricing.InputCacheRead is not null && !name.Slug.Contains("claude", StringComparison.Ordinal),
        };
    }

    private VendorJoin? FindVendor(string vendorName, JsonElement row)
    {
        var provider = row.Member("provider");
        var join = joins.Vendors.GetValueOrDefault(vendorName);
        if (join is null || provider.ValueKind != JsonValueKind.Object) return join;
        if (provider.Text("npm") is { } npm && joins.Vendors.TryGetValue($"{vendorName}|{npm}", out var other)) return other;
        var ours = vendors[join.Slug];
        var sameWire = provider.Text("npm") is not { } kit
            || (kit.Contains("openai", StringComparison.Ordinal) == (ours.Dialect == DialectNames.OpenAIChat)
                && kit.Contains("anthropic", StringComparison.Ordinal) == (ours.Dialect == DialectNames.AnthropicMessages));
        var sameAddress = provider.Text("api") is not { } api || api.TrimEnd('/') == ours.BaseUrl;
        return sameWire && sameAddress && provider.Text("shape") is null or "completions" ? join : null;
    }

    private string? WhyNot(string vendorName, string upstreamModel, JsonElement row)
    {
        var lower = upstreamModel.ToLower(CultureInfo.InvariantCulture);
        if (row.Text("status") == "deprecated") return "deprecated";
        if (!row.Member("modalities").Texts("output").Contains("text")) return "unsupported output modality";
        if (joins.NotChat.Any(part => lower.Contains(part, StringComparison.Ordinal))) return "not a chat model, or a derivative under its origin's name";
        if (lower.StartsWith('~') || lower.StartsWith("openrouter/", StringComparison.Ordinal)) return "a router or floating name, not a model";
        if (lower.EndsWith("-latest", StringComparison.Ordinal) && !joins.SameModel.ContainsKey(lower)) return "a router or floating name, not a model";
        if (joins.ResponsesOnly.TryGetValue(vendorName, out var parts) && parts.Any(part => lower.Contains(part, StringComparison.Ordinal)))
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
