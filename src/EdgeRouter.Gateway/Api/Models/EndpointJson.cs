using System.Text.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Gateway.Api.Models;

/// <summary>Writes the PublicEndpoint object of OpenRouter's API. Statistics are null while there are none.</summary>
internal static class EndpointJson
{
    public static void WriteModelWithEndpoints(Utf8JsonWriter writer, Model model)
    {
        writer.WriteStartObject();
        writer.WriteString("id", model.Id);
        writer.WriteString("name", model.Name);
        writer.WriteNumber("created", model.Created);
        writer.WriteString("description", model.Description ?? "");
        ModelJson.WriteArchitecture(writer, model, withTokenizer: true);
        writer.WriteStartArray("endpoints");
        foreach (var endpoint in model.Endpoints) Write(writer, endpoint);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Endpoint endpoint)
    {
        writer.WriteStartObject();
        writer.WriteString("name", $"{endpoint.Provider.Name} | {endpoint.Model.Id}");
        writer.WriteString("model_id", endpoint.Model.Id);
        writer.WriteString("model_name", endpoint.Model.Name);
        writer.WriteString("provider_name", endpoint.Provider.Name);
        writer.WriteString("tag", endpoint.Tag);
        writer.WriteNumber("context_length", endpoint.ContextLength ?? 0);
        writer.NumberOrNull("max_completion_tokens", endpoint.MaxCompletionTokens);
        writer.NumberOrNull("max_prompt_tokens", endpoint.MaxPromptTokens);
        writer.WriteString("quantization", endpoint.Quantization);
        writer.WritePropertyName("pricing");
        PricingJson.Write(writer, endpoint.Pricing);
        writer.StringArray("supported_parameters", ModelJson.ListedParameters(endpoint.SupportedParameters));
        writer.WriteBoolean("supports_implicit_caching", endpoint.ImplicitCaching);
        WriteToolChoice(writer, (endpoint.SupportedParameters & RequestParameters.ToolChoice) != 0);
        writer.WriteNumber("status", 0);
        foreach (var name in (string[])["uptime_last_5m", "uptime_last_30m", "uptime_last_1d", "latency_last_30m", "throughput_last_30m"]) writer.WriteNull(name);
        writer.WriteEndObject();
    }

    private static void WriteToolChoice(Utf8JsonWriter writer, bool supported)
    {
        writer.WriteStartObject("supports_tool_choice");
        foreach (var mode in (string[])["auto", "none", "required", "function"]) writer.WriteBoolean(mode, supported);
        writer.WriteEndObject();
    }
}
