using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Writes <c>contents</c> and <c>systemInstruction</c>.</summary>
internal sealed class GeminiContentsWriter(Utf8JsonWriter json, string model, GeminiRequestScope scope)
{
    private readonly GeminiPartList parts = new(json);

    /// <exception cref="RouterException">400: something in the conversation cannot be expressed on this wire; names the field.</exception>
    public void Write(IReadOnlyList<ChatMessage> messages)
    {
        var instructions = GeminiInstructionsWriter.Collect(messages, scope);
        var assistant = new GeminiAssistantTurnWriter(json, parts, model, scope);
        var tools = new GeminiToolResultWriter(json, parts, model, scope);

        json.WriteStartArray("contents"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            switch (messages[i].Role)
            {
                case ChatRole.User: WriteUser(messages[i], i); break;
                case ChatRole.Assistant:
                    assistant.Write(messages[i], i);
                    tools.Remember(messages[i].Content);
                    break;
                case ChatRole.Tool: tools.Write(messages[i], i); break;
            }
        }
        // The provider refuses a request without contents: instructions alone are then sent as the user's.
        var instructionsAlone = parts.IsEmpty;
        if (instructionsAlone)
            foreach (var text in instructions) WriteText(text);
        if (parts.IsEmpty) throw scope.Refuse(RequestPlace.Messages, "expected at least one message with content");
        parts.Close();
        json.WriteEndArray();
        if (!instructionsAlone && instructions.Count > 0) GeminiInstructionsWriter.Write(json, instructions);
    }

    private void WriteUser(ChatMessage message, int index)
    {
        var name = message.Name;
        for (var j = 0; j < message.Content.Count; j++)
        {
            if (message.Content[j] is TextPart { Text: var text })
            {
                if (text.Length == 0) continue;
                WriteText(GeminiNames.Lead(name, text));
            }
            else
            {
                if (name is not null) WriteText(name + ":");
                scope.DropIf(message.Content[j] is ImagePart { Detail: not (null or "auto") }, RequestPlace.OfAnyPart(RequestField.Detail));
                parts.BeginPart(GeminiPartList.User);
                GeminiMediaWriter.Write(json, message.Content[j], scope, RequestPlace.OfPart(index, j));
                parts.EndPart();
            }
            name = null;
        }
    }

    private void WriteText(string text)
    {
        parts.BeginPart(GeminiPartList.User);
        json.WriteString("text"u8, text);
        parts.EndPart();
    }
}
