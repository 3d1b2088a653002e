using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Writes tool turns as <c>functionResponse</c> parts. The wire wants the function's name, which only the call told.</summary>
internal sealed class GeminiToolResultWriter(Utf8JsonWriter json, GeminiPartList parts, string model)
{
    private readonly bool nestsMedia = GeminiModels.IsThirdGenerationOrLater(model);
    private readonly Dictionary<string, string> functionNames = new(StringComparer.Ordinal);

    /// <summary>Notes the calls of an assistant's turn, for the results that follow. An id used again names the later call.</summary>
    public void Remember(IReadOnlyList<ToolCall> calls)
    {
        foreach (var call in calls) functionNames[call.Id] = call.Name;
    }

    /// <exception cref="RouterException">400: no call with that id came before.</exception>
    public void Write(ChatMessage message, int index)
    {
        if (message.ToolCallId is not { } id || !functionNames.TryGetValue(id, out var name))
            throw new RouterException(
                RouterError.InvalidField($"messages[{index}].tool_call_id", "expected the id of a tool call in an earlier assistant message"));

        parts.BeginPart(GeminiPartList.User);
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, name);
        json.WritePropertyName("response"u8);
        GeminiObjects.Write(json, JoinText(message.Content), wrapName: "result");
        if (nestsMedia) WriteNestedMedia(message.Content, index);
        json.WriteEndObject();
        parts.EndPart();
        if (!nestsMedia) WriteMediaBeside(message.Content, index);
    }

    private void WriteNestedMedia(IReadOnlyList<ContentPart> content, int index)
    {
        var open = false;
        for (var j = 0; j < content.Count; j++)
        {
            if (content[j] is TextPart) continue;
            if (!open) json.WriteStartArray("parts"u8);
            open = true;
            json.WriteStartObject();
            GeminiMediaWriter.Write(json, content[j], new GeminiFieldPath(index, "content", j));
            json.WriteEndObject();
        }
        if (open) json.WriteEndArray();
    }

    // Before Gemini 3 a function response holds only JSON; the same content may hold other parts beside it.
    private void WriteMediaBeside(IReadOnlyList<ContentPart> content, int index)
    {
        for (var j = 0; j < content.Count; j++)
        {
            if (content[j] is TextPart) continue;
            parts.BeginPart(GeminiPartList.User);
            GeminiMediaWriter.Write(json, content[j], new GeminiFieldPath(index, "content", j));
            parts.EndPart();
        }
    }

    private static string JoinText(IReadOnlyList<ContentPart> content)
    {
        if (content is [TextPart { Text: var only }]) return only;
        var texts = new List<string>(content.Count);
        foreach (var part in content)
            if (part is TextPart { Text: var text }) texts.Add(text);
        return string.Join('\n', texts);
    }
}
