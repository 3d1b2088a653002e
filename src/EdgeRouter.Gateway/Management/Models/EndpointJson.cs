using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Gateway.Management.Models;

/// <summary>Writes the PublicEndpoint object of OpenRouter's API. Statistics cover all instances, and are null while there are none.</summary>
internal static class EndpointJson
{
    public static void WriteModelWithEndpoints(Utf8JsonWriter writer, Model model, HealthRegistry health)
    {
        writer.WriteStartObject();
        writer.WriteString("id", model.Id);
        writer.WriteString("name", model.Name);
        writer.WriteNumber("created", model.Created);
        writer.WriteString("description", model.Description ?? "");
        ModelJson.WriteArchitecture(writer, model, withTokenizer: true);
        writer.WriteStartArray("endpoints");
        foreach (var endpoint in model.Endpoints) Write(writer, endpoint, health.Find(endpoint.Id));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Endpoint endpoint, EndpointHealth? health)
    {
        writer.WriteStartObject();
        writer.WriteString("name", $"{endpoint.Provider.Name} | {endpoint.Model.Id}");
        writer.WriteString("model_id", endpoint.Model.Id);
        writer.WriteString("model_name", endpoint.Model.Name);
        writer.WriteString("provider_name", endpoint.Provider.Name);
        writer.WriteString("tag", endpoint.Tag);
        writer.WriteString("endpoint_id", endpoint.Id);
        writer.WriteNumber("context_length", endpoint.ContextLength ?? 0);
        writer.NumberOrNull("max_completion_tokens", endpoint.MaxCompletionTokens);
        writer.NumberOrNull("max_prompt_tokens", endpoint.MaxPromptTokens);
        writer.WriteString("quantization", endpoint.Quantization);
        writer.WritePropertyName("pricing");
        PricingJson.Write(writer, endpoint.Pricing);
        writer.StringArray("supported_parameters", ModelJson.ListedParameters(endpoint.SupportedParameters));
        writer.WriteBoolean("supports_implicit_caching", endpoint.ImplicitCaching);
        WriteToolChoice(writer, (endpoint.SupportedParameters & RequestParameters.ToolChoice) != 0);
        writer.WriteNumber("status", health?.Status ?? 0);
        WriteUptime(writer, "uptime_last_5m", health, HealthWindow.FiveMinutes);
        WriteUptime(writer, "uptime_last_30m", health, HealthWindow.ThirtyMinutes);
        WriteUptime(writer, "uptime_last_1d", health, HealthWindow.OneDay);
        var recent = health?.Statistics(HealthWindow.ThirtyMinutes, OutputUnit.Tokens);
        const double MillisecondsPerSecond = 1000;
        WritePercentiles(writer, "latency_last_30m", recent?.FirstTokenSeconds, MillisecondsPerSecond);
        WritePercentiles(writer, "throughput_last_30m", recent?.Throughput, 1);
        writer.WriteEndObject();
    }

    private static void WriteUptime(Utf8JsonWriter writer, string name, EndpointHealth? health, HealthWindow window) =>
        writer.NumberOrNull(name, health?.Uptime(window) * 100);

    private static void WritePercentiles(Utf8JsonWriter writer, string name, HealthPercentiles? percentiles, double factor)
    {
        if (percentiles is not { } known)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        writer.NumberOrNull("p50", known.P50 * factor);
        writer.NumberOrNull("p75", known.P75 * factor);
        writer.NumberOrNull("p90", known.P90 * factor);
        writer.NumberOrNull("p99", known.P99 * factor);
        writer.WriteEndObject();
    }

    private static void WriteToolChoice(Utf8JsonWriter writer, bool supported)
    {
        writer.WriteStartObject("supports_tool_choice");
        foreach (var mode in (string[])["auto", "none", "required", "function"]) writer.WriteBoolean(mode, supported);
        writer.WriteEndObject();
    }
}
