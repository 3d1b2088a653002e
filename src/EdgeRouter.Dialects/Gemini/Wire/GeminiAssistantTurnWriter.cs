using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>
/// Writes an assistant's turn: text, pictures and function calls with their thought signatures. Reasoning text is not sent back; the signatures stand
/// for it.
/// </summary>
internal sealed class GeminiAssistantTurnWriter(Utf8JsonWriter json, GeminiPartList parts, string model, GeminiParameterGate gate)
{
    private readonly bool checksSignatures = GeminiModels.IsThirdGenerationOrLater(model);

    public void Write(ChatMessage message, int index)
    {
        var content = Collect(message, index);
        var signatures = GeminiSignatures.OfContent(message);
        for (var i = 0; i < content.Count; i++)
        {
            // Signatures come last in a turn, so the last one goes with the last part.
            var fromEnd = signatures.Count - content.Count + i;
            WriteContent(content[i].Part, content[i].Path, fromEnd >= 0 ? signatures[fromEnd] : SubstituteFor(content[i].Part, isFirst: i == 0));
        }
        if (content.Count == 0 && signatures.Count > 0) WriteContent(new TextPart(""), default, signatures[^1]);
        foreach (var call in message.ToolCalls) WriteCall(message, call);
    }

    private List<(ContentPart Part, GeminiFieldPath Path)> Collect(ChatMessage message, int index)
    {
        var content = new List<(ContentPart, GeminiFieldPath)>(message.Content.Count);
        var name = message.Name;
        for (var j = 0; j < message.Content.Count; j++)
        {
            var part = message.Content[j];
            if (part is TextPart { Text: var text })
            {
                if (text.Length == 0) continue;
                part = new TextPart(GeminiNames.Lead(name, text));
                name = null;
            }
            content.Add((part, new GeminiFieldPath(index, "content", j)));
        }
        if (message.Refusal is { Length: > 0 } refusal) content.Add((new TextPart(refusal), default));
        if (message.Extensions.TryGetValue("images", out var images) && images.ValueKind == JsonValueKind.Array)
        {
            var j = 0;
            foreach (var image in images.EnumerateArray())
            {
                var path = new GeminiFieldPath(index, "images", j++);
                // A picture that is not at hand is left out, and the caller is told: unlike those in content, nothing fetches these.
                if (ImageUrl(image) is { } url && (GeminiMediaUrls.IsData(url) || GeminiMediaUrls.IsFetchedByProvider(url)))
                    content.Add((new ImagePart(url), path));
                else gate.Drop("images");
            }
        }
        // Earlier spoken answers have no place in the model's turns.
        gate.DropIf(message.Extensions.ContainsKey("audio"), "messages.audio");
        return content;
    }

    private static string? ImageUrl(JsonElement image) =>
        image.ValueKind == JsonValueKind.Object && image.TryGetProperty("image_url"u8, out var inner) && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty("url"u8, out var url) && url.ValueKind == JsonValueKind.String ? url.GetString() : null;

    private void WriteContent(ContentPart part, GeminiFieldPath path, string? signature)
    {
        parts.BeginPart(GeminiPartList.Model);
        if (part is TextPart text) json.WriteString("text"u8, text.Text);
        else GeminiMediaWriter.Write(json, part, path);
        WriteSignature(signature);
        parts.EndPart();
    }

    private void WriteCall(ChatMessage message, ToolCall call)
    {
        parts.BeginPart(GeminiPartList.Model);
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        GeminiObjects.Write(json, call.Arguments, wrapName: "arguments");
        json.WriteEndObject();
        // Of parallel calls the provider signs and checks only the first.
        WriteSignature(GeminiSignatures.OfCall(message, call) ?? (checksSignatures && !parts.HasCall ? GeminiSignatures.Substitute : null));
        parts.EndPart(isCall: true);
    }

    private void WriteSignature(string? signature)
    {
        if (signature is not null) json.WriteString("thoughtSignature"u8, signature);
    }

    // Pictures in the model's own turns are checked like calls; models that generate pictures check the first part too, whatever it is.
    private string? SubstituteFor(ContentPart part, bool isFirst) =>
        checksSignatures && (part is ImagePart || (isFirst && GeminiModels.GeneratesImages(model))) ? GeminiSignatures.Substitute : null;
}
