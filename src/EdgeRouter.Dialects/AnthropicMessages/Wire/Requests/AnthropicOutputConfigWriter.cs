using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Writes <c>output_config</c>: effort and the schema of the answer.</summary>
internal static class AnthropicOutputConfigWriter
{
    public static void Write(Utf8JsonWriter writer, AnthropicRequestScope scope, string? reasoningEffort)
    {
        var effort = Effort(scope, reasoningEffort);
        var schema = Schema(scope);
        if (effort is null && schema is null) return;
        writer.WriteStartObject("output_config"u8);
        if (effort is not null) writer.WriteString("effort"u8, effort);
        if (schema is { } json)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            AnthropicRequestJson.WriteRaw(writer, "schema"u8, json);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    /// <summary>Verbosity and reasoning effort share one place; when they differ, reasoning has it.</summary>
    private static string? Effort(AnthropicRequestScope scope, string? reasoningEffort)
    {
        if (scope.Request.Verbosity is not { } verbosity || verbosity == reasoningEffort) return reasoningEffort;
        if (!scope.Takes(RequestParameters.Verbosity)) return reasoningEffort;
        if (reasoningEffort is not null) scope.Drop(RequestParameters.Verbosity);
        return reasoningEffort ?? verbosity;
    }

    /// <summary>The wire knows only schemas, always enforced, without name or description.</summary>
    private static JsonElement? Schema(AnthropicRequestScope scope)
    {
        if (scope.Request.ResponseFormat is not { Kind: not ResponseFormatKind.Text } format) return null;
        if (format is not { Kind: ResponseFormatKind.JsonSchema, Schema: { ValueKind: JsonValueKind.Object } schema })
        {
            scope.Drop(RequestParameters.ResponseFormat);
            return null;
        }
        if (!scope.Takes(RequestParameters.StructuredOutputs, RequestParameters.ResponseFormat)) return null;
        if (format.Description is not null) scope.Drop(RequestPlace.OfParameter(RequestParameters.ResponseFormat, RequestField.Description));
        return schema;
    }
}
