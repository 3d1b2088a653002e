using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class ConverseToolsWriter
{
    public static void Write(Utf8JsonWriter writer, AnthropicConversation conversation, AnthropicRequestScope scope, bool thinks)
    {
        var request = scope.Request;
        var takes = request.Tools.Count > 0 && scope.Takes(RequestParameters.Tools);
        // The wire has no word for "call none": without tools, none is called.
        var none = request.ToolChoice?.Mode == ToolChoiceMode.None;
        var others = OtherTools(conversation, scope, takes, out var hasCalls);
        if (request.Tools.Count > 0 && request.ParallelToolCalls == false) scope.Drop(RequestParameters.ParallelToolCalls);
        if ((!takes || none) && !hasCalls)
        {
            if (!takes && request.ToolChoice is { Mode: ToolChoiceMode.Required or ToolChoiceMode.Function }) scope.Drop(RequestParameters.ToolChoice);
            return;
        }
        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        if (takes)
            foreach (var tool in request.Tools) WriteTool(writer, scope, tool);
        // Calls in a conversation are refused unless their tools are declared.
        foreach (var name in others) WriteTool(writer, scope, new ToolDefinition { Name = name });
        writer.WriteEndArray();
        WriteChoice(writer, scope, takes, thinks);
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, AnthropicRequestScope scope, ToolDefinition tool)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { Length: > 0 }) writer.WriteString("description"u8, tool.Description);
        writer.WriteStartObject("inputSchema"u8);
        AnthropicToolWriter.WriteSchema(writer, "json"u8, tool.Parameters);
        writer.WriteEndObject();
        if (tool.Strict is { } strict)
        {
            if (scope.Target.Accepts(RequestParameters.StructuredOutputs)) writer.WriteBoolean("strict"u8, strict);
            else if (strict) scope.Drop(RequestPlace.OfTool(RequestPlace.Any, RequestField.Strict));
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        ConverseMessageWriter.WriteCachePoint(writer, scope.Marker(tool.CacheControl));
    }

    private static void WriteChoice(Utf8JsonWriter writer, AnthropicRequestScope scope, bool takes, bool thinks)
    {
        if (scope.Request.ToolChoice is not { } choice) return;
        if (choice.Mode == ToolChoiceMode.Auto && takes) return;
        if (!takes || choice.Mode == ToolChoiceMode.None || thinks || !scope.Takes(RequestParameters.ToolChoice))
        {
            if (choice.Mode != ToolChoiceMode.Auto) scope.Drop(RequestParameters.ToolChoice);
            return;
        }
        writer.WriteStartObject("toolChoice"u8);
        writer.WriteStartObject(choice.Mode == ToolChoiceMode.Function ? "tool"u8 : "any"u8);
        if (choice is { Mode: ToolChoiceMode.Function, FunctionName: { } name }) writer.WriteString("name"u8, name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// Names of the tools that are called in the conversation and not offered, in the order of their first calls. A conversation may hold very many calls,
    /// and each such name becomes a declaration: names are found by hash, and their number is bounded as that of tools is.
    /// </summary>
    private static List<string> OtherTools(AnthropicConversation conversation, AnthropicRequestScope scope, bool takes, out bool hasCalls)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (takes)
            foreach (var tool in scope.Request.Tools) known.Add(tool.Name);
        var others = new List<string>();
        hasCalls = false;
        foreach (var turn in conversation.Turns)
        {
            foreach (var block in turn.Blocks)
            {
                if (block is not ToolUseBlock call) continue;
                hasCalls = true;
                if (!known.Add(call.Name)) continue;
                if (others.Count == RequestBounds.Tools)
                    throw scope.Refuse(RequestPlace.Messages, $"expected calls of at most {RequestBounds.Tools} tools that are not offered");
                others.Add(call.Name);
            }
        }
        return others;
    }
}
