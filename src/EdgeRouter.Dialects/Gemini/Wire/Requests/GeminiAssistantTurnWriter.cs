using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>
/// Writes an assistant's turn: text, pictures and function calls, in their order, with their thought signatures. Reasoning text is not sent back; the
/// signatures replace it.
/// </summary>
internal sealed class GeminiAssistantTurnWriter(Utf8JsonWriter json, GeminiPartList parts, string model, GeminiRequestScope scope)
{
    private readonly bool checksSignatures = GeminiModels.IsThirdGenerationOrLater(model);

    public void Write(ChatMessage message, int index)
    {
        var pieces = Collect(message, index);
        // Earlier spoken answers have no place in the model's turns.
        scope.DropIf(message.Extensions.ContainsKey("audio"), RequestPlace.OfMessage(RequestPlace.Any, RequestField.GeneratedAudio));
        if (GeminiSignatures.Place(message.Content, pieces) is { } lone) WriteContent(TextPart.Empty, default, lone);
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            if (piece.Part is ToolCallPart call) WriteCall(message, call);
            else WriteContent(piece.Part, piece.Place, piece.Signature ?? SubstituteFor(piece.Part, isFirst: i == 0));
        }
    }

    private List<GeminiTurnPiece> Collect(ChatMessage message, int index)
    {
        var pieces = new List<GeminiTurnPiece>(message.Content.Count);
        var name = message.Name;
        for (var i = 0; i < message.Content.Count; i++)
        {
            var part = message.Content[i];
            switch (part)
            {
                case TextPart { Text.Length: 0 } or RefusalPart { Text.Length: 0 } or ReasoningPart or CitationPart:
                    continue;
                case TextPart { Text: var text }:
                    part = new TextPart(GeminiNames.Lead(name, text));
                    name = null;
                    break;
                case RefusalPart { Text: var refusal }:
                    part = new TextPart(refusal);
                    break;
                // A picture whose bytes are not in the request is left out and named as dropped: unlike others, these are not fetched.
                case ImagePart { IsGenerated: true, Url: var url } when !GeminiMediaUrls.IsData(url) && !GeminiMediaUrls.IsFetchedByProvider(url):
                    scope.Drop(RequestPlace.OfMessage(RequestPlace.Any, RequestField.GeneratedImages));
                    continue;
            }
            pieces.Add(new GeminiTurnPiece(part, RequestPlace.OfPart(index, i)));
        }
        return pieces;
    }

    private void WriteContent(ContentPart part, RequestPlace place, string? signature)
    {
        parts.BeginPart(GeminiPartList.Model);
        if (part is TextPart text) json.WriteString("text"u8, text.Text);
        else GeminiMediaWriter.Write(json, part, scope, place);
        WriteSignature(signature);
        parts.EndPart();
    }

    private void WriteCall(ChatMessage message, ToolCallPart call)
    {
        parts.BeginPart(GeminiPartList.Model);
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        GeminiObjects.Write(json, call.Arguments, wrapName: "arguments");
        json.WriteEndObject();
        // Of parallel calls the provider signs and checks only the first.
        WriteSignature(GeminiSignatures.OfCall(message.Content, call) ?? (checksSignatures && !parts.HasCall ? GeminiSignatures.Substitute : null));
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

/// <summary>A part of an assistant's turn as it is sent.</summary>
/// <param name="Part">A text, media or a call.</param>
/// <param name="Place">Its place in the request.</param>
internal sealed record GeminiTurnPiece(ContentPart Part, RequestPlace Place)
{
    /// <summary>The signature of a text or of media; null: none.</summary>
    public string? Signature { get; set; }
}
