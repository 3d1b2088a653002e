using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c>.</summary>
internal static class GeminiToolsWriter
{
    public static void Write(Utf8JsonWriter json, ChatRequest request, GeminiRequestScope scope)
    {
        if (request.Tools.Count == 0) return;
        if (!scope.Takes(RequestParameters.Tools))
        {
            scope.DropIf(request.ToolChoice is not null, RequestParameters.ToolChoice);
            return;
        }

        json.WriteStartArray("tools"u8);
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in request.Tools) WriteDeclaration(json, tool, scope);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.ToolChoice is { } choice && scope.Takes(RequestParameters.ToolChoice)) WriteChoice(json, choice);
    }

    private static void WriteDeclaration(Utf8JsonWriter json, ToolDefinition tool, GeminiRequestScope scope)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is not null) json.WriteString("description"u8, tool.Description);
        if (tool.Parameters is { } parameters)
        {
            // The plain "parameters" member takes only a subset of OpenAPI and refuses $ref, $defs and many other words of JSON Schema.
            json.WritePropertyName("parametersJsonSchema"u8);
            parameters.CopyTo(json);
        }
        scope.DropIf(tool.Strict == true, RequestPlace.OfTool(RequestPlace.Any, RequestField.Strict));
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, choice.Mode switch
        {
            ToolChoiceMode.Auto => "AUTO"u8,
            ToolChoiceMode.None => "NONE"u8,
            _ => "ANY"u8,
        });
        if (choice.Mode == ToolChoiceMode.Function)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            json.WriteStringValue(choice.FunctionName);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
