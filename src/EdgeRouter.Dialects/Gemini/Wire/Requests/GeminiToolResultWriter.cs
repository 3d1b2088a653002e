using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes tool turns as <c>functionResponse</c> parts. The wire requires the function's name, which only the call has.</summary>
internal sealed class GeminiToolResultWriter(Utf8JsonWriter json, GeminiPartList parts, string model, GeminiRequestScope scope)
{
    private readonly bool nestsMedia = GeminiModels.IsThirdGenerationOrLater(model);
    private readonly Dictionary<string, string> functionNames = new(StringComparer.Ordinal);

    /// <summary>Notes the calls of an assistant's turn, for the results that follow. A repeated id means the later call.</summary>
    public void Remember(IReadOnlyList<ContentPart> turn)
    {
        foreach (var call in turn.Of<ToolCallPart>()) functionNames[call.Id] = call.Name;
    }

    /// <exception cref="RouterException">400: no call with that id came before.</exception>
    public void Write(ChatMessage message, int index)
    {
        for (var i = 0; i < message.Content.Count; i++)
        {
            var place = RequestPlace.OfPart(index, i);
            if (message.Content[i] is not ToolResultPart result) throw scope.Refuse(place, "expected the result of a tool");
            Write(result, place);
        }
    }

    private void Write(ToolResultPart result, RequestPlace place)
    {
        if (!functionNames.TryGetValue(result.CallId, out var name))
            throw scope.Refuse(place with { Field = RequestField.CallId }, "expected the id of a tool call in an earlier assistant message");
        parts.BeginPart(GeminiPartList.User);
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, result.CallId);
        json.WriteString("name"u8, name);
        json.WritePropertyName("response"u8);
        if (result.IsError) GeminiObjects.Wrap(json, JoinText(result.Content), name: "error");
        else GeminiObjects.Write(json, JoinText(result.Content), wrapName: "result");
        if (nestsMedia) WriteNestedMedia(result.Content, place);
        json.WriteEndObject();
        parts.EndPart();
        if (!nestsMedia) WriteMediaBeside(result.Content, place);
    }

    private void WriteNestedMedia(IReadOnlyList<ContentPart> content, RequestPlace place)
    {
        var open = false;
        for (var j = 0; j < content.Count; j++)
        {
            if (content[j] is TextPart) continue;
            if (!open) json.WriteStartArray("parts"u8);
            open = true;
            json.WriteStartObject();
            GeminiMediaWriter.Write(json, content[j], scope, place.InResult(j));
            json.WriteEndObject();
        }
        if (open) json.WriteEndArray();
    }

    // Before Gemini 3 a function response holds only JSON; the same content may hold other parts beside it.
    private void WriteMediaBeside(IReadOnlyList<ContentPart> content, RequestPlace place)
    {
        for (var j = 0; j < content.Count; j++)
        {
            if (content[j] is TextPart) continue;
            parts.BeginPart(GeminiPartList.User);
            GeminiMediaWriter.Write(json, content[j], scope, place.InResult(j));
            parts.EndPart();
        }
    }

    private static string JoinText(IReadOnlyList<ContentPart> content)
    {
        if (content is [TextPart { Text: var only }]) return only;
        var texts = new List<string>(content.Count);
        foreach (var text in content.Of<TextPart>()) texts.Add(text.Text);
        return string.Join('\n', texts);
    }
}
