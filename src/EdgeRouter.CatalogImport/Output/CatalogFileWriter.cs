using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.CatalogImport.Output;

/// <summary>Writes catalog files: one line for a model and one per endpoint, so that a changed price is a changed line.</summary>
internal static class CatalogFileWriter
{
    /// <summary>Authors with fewer models share a file.</summary>
    private const int ModelsOfOwnFile = 5;
    private const string SharedFile = "other-authors";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteByAuthor(ImportedCatalog catalog, string folder)
    {
        Directory.CreateDirectory(folder);
        var authors = catalog.Models.GroupBy(model => model.Id[..model.Id.IndexOf('/')]).ToList();
        foreach (var file in authors.GroupBy(author => author.Count() < ModelsOfOwnFile ? SharedFile : author.Key))
            File.WriteAllBytes(Path.Combine(folder, file.Key + ".json"), Write([.. file.SelectMany(author => author)]));
    }

    public static byte[] Write(IReadOnlyList<ImportedModel> models)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("{ \"models\": ["u8);
        var first = true;
        foreach (var model in models.OrderBy(model => model.Id, StringComparer.Ordinal))
        {
            output.Write(first ? "\n"u8 : ",\n"u8);
            first = false;
            WriteModel(model, output);
        }
        output.Write("\n] }\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteModel(ImportedModel model, ArrayBufferWriter<byte> output)
    {
        var head = Object(json =>
        {
            json.WriteString("id", model.Id);
            Text(json, "canonical_slug", model.CanonicalSlug);
            json.WriteString("name", model.Name);
            Text(json, "description", model.Description);
            Number(json, "created", model.Created);
            Number(json, "context_length", model.ContextLength);
            Names(json, "input_modalities", model.InputModalities);
            Names(json, "output_modalities", model.OutputModalities);
            Text(json, "hugging_face_id", model.HuggingFaceId);
            Text(json, "knowledge_cutoff", model.KnowledgeCutoff);
            json.WriteString("source", model.Source);
            Text(json, "source_date", model.SourceDate);
        });
        output.Write(head.AsSpan()[..^1]); // the closing brace follows the endpoints
        output.Write(", \"endpoints\": ["u8);
        for (var index = 0; index < model.Endpoints.Count; index++)
        {
            output.Write(index == 0 ? "\n  "u8 : ",\n  "u8);
            output.Write(Endpoint(model.Endpoints[index]));
        }
        output.Write("] }"u8);
    }

    private static byte[] Endpoint(ImportedEndpoint row) => Object(json =>
    {
        json.WriteString("provider", row.Provider);
        if (row.Tag != row.Provider) json.WriteString("tag", row.Tag);
        json.WriteString("upstream_model", row.UpstreamModel);
        Number(json, "context_length", row.ContextLength);
        Number(json, "max_completion_tokens", row.MaxCompletionTokens);
        Number(json, "max_prompt_tokens", row.MaxPromptTokens);
        Text(json, "quantization", row.Quantization);
        WritePricing(json, row.Pricing);
        Names(json, "supported_parameters", RequestParameterNames.ToNames(row.SupportedParameters));
        if (row.Regions.Count > 0) Names(json, "regions", row.Regions);
        if (row.ImplicitCaching) json.WriteBoolean("implicit_caching", true);
    });

    private static void WritePricing(Utf8JsonWriter json, Pricing pricing)
    {
        json.WriteStartObject("pricing");
        Price(json, "prompt", pricing.Prompt);
        Price(json, "completion", pricing.Completion);
        Price(json, "input_cache_read", pricing.InputCacheRead);
        Price(json, "input_cache_write", pricing.InputCacheWrite);
        Price(json, "input_cache_write_1h", pricing.InputCacheWrite1h);
        Price(json, "internal_reasoning", pricing.InternalReasoning);
        Price(json, "audio", pricing.Audio);
        Price(json, "audio_output", pricing.AudioOutput);
        Price(json, "image", pricing.Image);
        Price(json, "image_token", pricing.ImageToken);
        Price(json, "image_output", pricing.ImageOutput);
        Price(json, "request", pricing.Request);
        Price(json, "web_search", pricing.WebSearch);
        if (pricing.Overrides.Count > 0)
        {
            json.WriteStartArray("overrides");
            foreach (var tier in pricing.Overrides)
            {
                json.WriteStartObject();
                json.WriteNumber("min_prompt_tokens", tier.MinPromptTokens);
                Price(json, "prompt", tier.Prompt);
                Price(json, "completion", tier.Completion);
                Price(json, "input_cache_read", tier.InputCacheRead);
                Price(json, "input_cache_write", tier.InputCacheWrite);
                Price(json, "audio", tier.Audio);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private static void Price(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } price) json.WriteString(name, price.ToString("0.############################", CultureInfo.InvariantCulture));
    }

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
