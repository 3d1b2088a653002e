using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>Writes the Model object of OpenRouter's API, which has the members of OpenAI's too.</summary>
internal static class ModelJson
{
    public static void Write(Utf8JsonWriter writer, Model model)
    {
        writer.WriteStartObject();
        writer.WriteString("id", model.Id);
        writer.WriteString("object", "model");
        writer.WriteString("owned_by", model.Author);
        writer.WriteString("canonical_slug", model.CanonicalSlug);
        writer.StringOrNull("hugging_face_id", model.HuggingFaceId);
        writer.WriteString("name", model.Name);
        writer.WriteNumber("created", model.Created);
        writer.WriteString("description", model.Description ?? "");
        writer.NumberOrNull("context_length", model.ContextLength);
        WriteArchitecture(writer, model, withTokenizer: false);
        writer.WritePropertyName("pricing");
        PricingJson.Write(writer, ModelPrice.Cheapest(model));
        writer.WriteStartObject("top_provider");
        writer.NumberOrNull("context_length", model.Endpoints.Max(endpoint => endpoint.ContextLength));
        writer.NumberOrNull("max_completion_tokens", model.Endpoints.Max(endpoint => endpoint.MaxCompletionTokens));
        writer.WriteBoolean("is_moderated", false);
        writer.WriteEndObject();
        writer.WriteNull("per_request_limits");
        writer.StringArray("supported_parameters",
            ListedParameters(model.Endpoints.Aggregate(RequestParameters.None, (set, endpoint) => set | endpoint.SupportedParameters)));
        writer.WriteNull("default_parameters");
        writer.WriteNull("supported_voices");
        writer.StringOrNull("knowledge_cutoff", model.KnowledgeCutoff);
        writer.WriteNull("expiration_date");
        writer.WriteStartObject("links");
        writer.WriteString("details", $"/api/v1/models/{model.Id}/endpoints");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The architecture object.</summary>
    public static void WriteArchitecture(Utf8JsonWriter writer, Model model, bool withTokenizer)
    {
        writer.WriteStartObject("architecture");
        writer.WriteString("modality", $"{Joined(model.InputModalities)}->{Joined(model.OutputModalities)}");
        writer.StringArray("input_modalities", model.InputModalities.Order(StringComparer.Ordinal));
        writer.StringArray("output_modalities", model.OutputModalities.Order(StringComparer.Ordinal));
        if (withTokenizer) writer.WriteNull("tokenizer");
        writer.WriteNull("instruct_type");
        writer.WriteEndObject();
    }

    /// <summary>Names of the parameters that OpenRouter's API lists; both spellings of the output limit.</summary>
    public static IEnumerable<string> ListedParameters(RequestParameters set)
    {
        foreach (var name in RequestParameterNames.ToNames(set & ~RequestParameterNames.NeverListed)) yield return name;
        if ((set & RequestParameters.MaxTokens) != 0) yield return "max_completion_tokens";
        if ((set & RequestParameters.Reasoning) != 0) yield return "include_reasoning";
    }

    private static string Joined(IEnumerable<string> modalities) =>
        string.Join('+', modalities.OrderBy(name => name == "text" ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal));
}

/// <summary>Writes prices: decimal strings in USD per unit.</summary>
internal static class PricingJson
{
    public static void Write(Utf8JsonWriter writer, Pricing? pricing)
    {
        writer.WriteStartObject();
        writer.WriteString("prompt", Text(pricing?.Prompt ?? 0));
        writer.WriteString("completion", Text(pricing?.Completion ?? 0));
        if (pricing is not null)
        {
            Optional(writer, "request", pricing.Request);
            Optional(writer, "image", pricing.Image);
            Optional(writer, "image_token", pricing.ImageToken);
            Optional(writer, "image_output", pricing.ImageOutput);
            Optional(writer, "audio", pricing.Audio);
            Optional(writer, "audio_output", pricing.AudioOutput);
            Optional(writer, "web_search", pricing.WebSearch);
            Optional(writer, "internal_reasoning", pricing.InternalReasoning);
            Optional(writer, "input_cache_read", pricing.InputCacheRead);
            Optional(writer, "input_cache_write", pricing.InputCacheWrite);
            Optional(writer, "input_cache_write_1h", pricing.InputCacheWrite1h);
            WriteOverrides(writer, pricing.Overrides);
        }
        writer.WriteEndObject();
    }

    private static void WriteOverrides(Utf8JsonWriter writer, IReadOnlyList<PricingOverride> overrides)
    {
        if (overrides.Count == 0) return;
        writer.WriteStartArray("overrides");
        foreach (var entry in overrides)
        {
            writer.WriteStartObject();
            writer.WriteNumber("min_prompt_tokens", entry.MinPromptTokens);
            Optional(writer, "prompt", entry.Prompt);
            Optional(writer, "completion", entry.Completion);
            Optional(writer, "input_cache_read", entry.InputCacheRead);
            Optional(writer, "input_cache_write", entry.InputCacheWrite);
            Optional(writer, "audio", entry.Audio);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, decimal? price)
    {
        if (price is { } value) writer.WriteString(name, Text(value));
    }

    private static string Text(decimal price) => price.ToString("0.##################", CultureInfo.InvariantCulture);
}
