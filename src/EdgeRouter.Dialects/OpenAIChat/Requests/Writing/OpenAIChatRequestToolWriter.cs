using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>Writes the values of tools, tool choice and answer format for a provider.</summary>
internal readonly struct OpenAIChatRequestToolWriter(Utf8JsonWriter json, WireTarget target, ICollection<string> dropped)
{
    /// <summary>Writes the value of <c>tools</c>.</summary>
    public void WriteTools(IReadOnlyList<ToolDefinition> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools) WriteTool(tool);
        json.WriteEndArray();
    }

    /// <summary>Writes the value of <c>tool_choice</c>.</summary>
    public void WriteChoice(ToolChoice choice)
    {
        if (choice.Mode != ToolChoiceMode.Function)
        {
            json.WriteStringValue(choice.Mode switch
            {
                ToolChoiceMode.None => "none"u8,
                ToolChoiceMode.Required => "required"u8,
                _ => "auto"u8,
            });
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, choice.FunctionName);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the value of <c>response_format</c>.</summary>
    public void WriteFormat(ResponseFormat format)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, format.Kind switch
        {
            ResponseFormatKind.JsonObject => "json_object"u8,
            ResponseFormatKind.JsonSchema => "json_schema"u8,
            ResponseFormatKind.Grammar => "grammar"u8,
            ResponseFormatKind.Python => "python"u8,
            _ => "text"u8,
        });
        if (format.Grammar is not null) json.WriteString("grammar"u8, format.Grammar);
        if (format.Kind == ResponseFormatKind.JsonSchema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.Name);
            WriteDescribed(format.Description, "schema"u8, format.Schema, format.Strict);
            OpenAIChatRequestExtensions.WriteInner(json, format.Extensions, "json_schema.");
            json.WriteEndObject();
        }
        OpenAIChatRequestExtensions.WriteOuter(json, format.Extensions, "json_schema.");
        json.WriteEndObject();
    }

    private void WriteTool(ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        WriteDescribed(tool.Description, "parameters"u8, tool.Parameters, tool.Strict);
        OpenAIChatRequestExtensions.WriteInner(json, tool.Extensions, "function.");
        json.WriteEndObject();
        if (tool.CacheControl is { } marker && target.Takes(RequestParameters.CacheControl, Members.CacheControl.Name, dropped))
        {
            json.WritePropertyName("cache_control"u8);
            OpenAIChatRequestMessageWriter.WriteCacheControl(json, marker);
        }
        OpenAIChatRequestExtensions.WriteOuter(json, tool.Extensions, "function.");
        json.WriteEndObject();
    }

    private void WriteDescribed(string? description, ReadOnlySpan<byte> schemaName, JsonElement? schema, bool? strict)
    {
        if (description is not null) json.WriteString("description"u8, description);
        if (schema is { } given)
        {
            json.WritePropertyName(schemaName);
            OpenAIChatRequestWriter.WriteRaw(json, given);
        }
        if (strict is { } flag) json.WriteBoolean("strict"u8, flag);
    }
}
