using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Gathers system and developer turns: the wire has one place for them, outside the conversation, and takes only text there.</summary>
internal static class GeminiInstructionsWriter
{
    /// <summary>Collects the texts, in order, empty ones left out.</summary>
    /// <exception cref="RouterException">400: a part is not text.</exception>
    public static List<string> Collect(IReadOnlyList<ChatMessage> messages, GeminiRequestScope scope)
    {
        var texts = new List<string>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is not (ChatRole.System or ChatRole.Developer)) continue;
            var name = messages[i].Name;
            for (var j = 0; j < messages[i].Content.Count; j++)
            {
                if (messages[i].Content[j] is not TextPart { Text: var text })
                    throw scope.Refuse(RequestPlace.OfPart(i, j), "expected text in instructions");
                if (text.Length == 0) continue;
                texts.Add(GeminiNames.Lead(name, text));
                name = null;
            }
        }
        return texts;
    }

    public static void Write(Utf8JsonWriter json, List<string> texts)
    {
        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        foreach (var text in texts)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
