using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class AnthropicToolWriter
{
    /// <summary>Finds schemas that the wire cannot express, before anything is written.</summary>
    public static void Check(AnthropicRequestScope scope)
    {
        var tools = scope.Request.Tools;
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i].Parameters is not { ValueKind: not JsonValueKind.Null } schema) continue;
            if (schema.ValueKind != JsonValueKind.Object) throw scope.Refuse(RequestPlace.OfTool(i, RequestField.Schema), "expected a JSON Schema object");
            try
            {
                HasType(schema);
            }
            catch (InvalidOperationException)
            {
                throw scope.Refuse(RequestPlace.OfTool(i, RequestField.Schema), "expected member names in valid Unicode");
            }
        }
    }

    public static void Write(Utf8JsonWriter writer, AnthropicRequestScope scope, bool thinks)
    {
        var tools = scope.Request.Tools;
        if (tools.Count == 0 || !scope.Takes(RequestParameters.Tools))
        {
            // the API refuses a choice without tools; "none" and "auto" are the same as no tools
            if (scope.Request.ToolChoice is { Mode: ToolChoiceMode.Required or ToolChoiceMode.Function }) scope.Drop(RequestParameters.ToolChoice);
            if (tools.Count > 0 && scope.Request.ParallelToolCalls == false) scope.Drop(RequestParameters.ParallelToolCalls);
            return;
        }
        writer.WriteStartArray("tools"u8);
        foreach (var tool in tools) WriteTool(writer, scope, tool);
        writer.WriteEndArray();
        WriteChoice(writer, scope, thinks);
    }

    private static void WriteTool(Utf8JsonWriter writer, AnthropicRequestScope scope, ToolDefinition tool)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        WriteSchema(writer, "input_schema"u8, tool.Parameters);
        if (tool.Strict is { } strict)
        {
            if (scope.Target.Accepts(RequestParameters.StructuredOutputs)) writer.WriteBoolean("strict"u8, strict);
            else if (strict) scope.Drop(RequestPlace.OfTool(RequestPlace.Any, RequestField.Strict));
        }
        AnthropicCaching.Write(writer, scope.Marker(tool.CacheControl));
        writer.WriteEndObject();
    }

    /// <summary>OpenAI takes a tool without a schema and a schema without a type; this API requires <c>"type":"object"</c>.</summary>
    public static void WriteSchema(Utf8JsonWriter writer, ReadOnlySpan<byte> member, JsonElement? parameters)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } schema || schema.GetPropertyCount() == 0)
        {
            writer.WriteStartObject(member);
            writer.WriteString("type"u8, "object"u8);
            writer.WriteStartObject("properties"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            return;
        }
        var json = JsonMarshal.GetRawUtf8Value(schema);
        writer.WritePropertyName(member);
        writer.WriteRawValue(HasType(schema) ? json : [.. "{\"type\":\"object\","u8, .. json[1..]], skipInputValidation: true);
    }

    private static bool HasType(JsonElement schema)
    {
        foreach (var member in schema.EnumerateObject())
            if (member.NameEquals("type"u8)) return true;
        return false;
    }

    private static void WriteChoice(Utf8JsonWriter writer, AnthropicRequestScope scope, bool thinks)
    {
        var choice = scope.Request.ToolChoice;
        if (choice is not null && !scope.Takes(RequestParameters.ToolChoice)) choice = null;
        if (thinks && choice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Function)
        {
            scope.Drop(RequestParameters.ToolChoice);
            choice = null;
        }
        var oneAtATime = scope.Request.ParallelToolCalls == false && choice?.Mode != ToolChoiceMode.None && TakesParallelToolCalls(scope);
        if (choice is null && !oneAtATime) return;
        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, choice?.Mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Function => "tool"u8,
            _ => "auto"u8,
        });
        if (choice is { Mode: ToolChoiceMode.Function, FunctionName: { } name }) writer.WriteString("name"u8, name);
        if (oneAtATime) writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        writer.WriteEndObject();
    }

    /// <summary>Here it is a member of tool_choice, so every endpoint that takes tool_choice takes it; catalogs do not list it for such endpoints.</summary>
    private static bool TakesParallelToolCalls(AnthropicRequestScope scope)
    {
        var refused = scope.Target.Endpoint.Provider.RefusedParameters;
        if ((refused & RequestParameters.ParallelToolCalls) == 0 && scope.Target.Accepts(RequestParameters.ToolChoice)) return true;
        return scope.Takes(RequestParameters.ParallelToolCalls);
    }
}
