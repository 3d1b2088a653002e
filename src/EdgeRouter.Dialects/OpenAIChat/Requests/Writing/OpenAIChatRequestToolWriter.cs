using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;
using Tools = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestToolSchema;

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
        json.WriteString(Tools.Type.Utf8Name, "function"u8);
        json.WriteStartObject(Tools.Function.Utf8Name);
        json.WriteString(Tools.Name.Utf8Name, choice.FunctionName);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the value of <c>response_format</c>.</summary>
    public void WriteFormat(ResponseFormat format)
    {
        json.WriteStartObject();
        json.WriteString(Tools.Type.Utf8Name, format.Kind switch
        {
            ResponseFormatKind.JsonObject => "json_object"u8,
            ResponseFormatKind.JsonSchema => "json_schema"u8,
            ResponseFormatKind.Grammar => "grammar"u8,
            ResponseFormatKind.Python => "python"u8,
            _ => "text"u8,
        });
        if (format.Grammar is not null) json.WriteString(Tools.Grammar.Utf8Name, format.Grammar);
        if (format.Kind == ResponseFormatKind.JsonSchema)
        {
            json.WriteStartObject(Tools.JsonSchema.Utf8Name);
            json.WriteString(Tools.FormatName.Utf8Name, format.Name);
            WriteDescribed(format.Description, Tools.FormatSchema, format.Schema, format.Strict);
            OpenAIChatRequestExtensions.WriteInner(json, format.Extensions, Tools.JsonSchema);
            json.WriteEndObject();
        }
        OpenAIChatRequestExtensions.WriteOuter(json, format.Extensions, Tools.JsonSchema);
        json.WriteEndObject();
    }

    private void WriteTool(ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString(Tools.Type.Utf8Name, "function"u8);
        json.WriteStartObject(Tools.Function.Utf8Name);
        json.WriteString(Tools.Name.Utf8Name, tool.Name);
        WriteDescribed(tool.Description, Tools.Parameters, tool.Parameters, tool.Strict);
        OpenAIChatRequestExtensions.WriteInner(json, tool.Extensions, Tools.Function);
        json.WriteEndObject();
        if (tool.CacheControl is { } marker && target.Takes(RequestParameters.CacheControl, Members.CacheControl.Name, dropped))
        {
            json.WritePropertyName(Tools.CacheControl.Utf8Name);
            OpenAIChatRequestMessageWriter.WriteCacheControl(json, marker);
        }
        OpenAIChatRequestExtensions.WriteOuter(json, tool.Extensions, Tools.Function);
        json.WriteEndObject();
    }

    private void WriteDescribed(string? description, ObjectMember schemaMember, JsonElement? schema, bool? strict)
    {
        if (description is not null) json.WriteString(Tools.Description.Utf8Name, description);
        if (schema is { } given)
        {
            json.WritePropertyName(schemaMember.Utf8Name);
            OpenAIChatRequestWriter.WriteRaw(json, given);
        }
        if (strict is { } flag) json.WriteBoolean(Tools.Strict.Utf8Name, flag);
    }
}
