using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>
/// Pieces of an answer in the content model. Reasoning has the format of the only models that sign theirs here, because a stream tells the signature last;
/// without one it is never sent back.
/// </summary>
internal static class ConverseParts
{
    public static ReasoningPart Thought(int index, string? text, string? signature) =>
        new(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Index = index, Text = text, Signature = signature };

    public static ReasoningPart Redacted(int index, string data) =>
        new(ReasoningKind.Encrypted) { Format = ReasoningFormats.Anthropic, Index = index, Data = data };

    /// <summary>A citation of a web page; null: of a document of the caller, which has no place in the content model.</summary>
    public static CitationPart? Citation(JsonElement citation)
    {
        if (!ConverseJson.TryGetObject(citation, "location"u8, out var location) || !ConverseJson.TryGetObject(location, "web"u8, out var web)
            || ConverseJson.Text(web, "url"u8) is not { } url) return null;
        string? content = null;
        foreach (var source in ConverseJson.Entries(citation, "sourceContent"u8)) content += ConverseJson.Text(source, "text"u8);
        return new CitationPart(url, ConverseJson.Text(citation, "title"u8), content);
    }

    /// <summary>A picture that the model made; null: there are no bytes.</summary>
    public static ImagePart? Image(JsonElement image) =>
        ConverseJson.TryGetObject(image, "source"u8, out var source) && ConverseJson.Text(source, "bytes"u8) is { } bytes
            ? new ImagePart($"data:image/{ConverseJson.Text(image, "format"u8) ?? "png"};base64,{bytes}") { IsGenerated = true } : null;
}
