using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

/// <summary>Pieces of items as parts, whole or as they come. Stateless and thread-safe.</summary>
internal static class OpenAIResponsesParts
{
    /// <summary>A text of a reasoning item, or the next piece of it.</summary>
    public static ReasoningPart Thought(bool isSummary, string? id, int index, string? text) => new(isSummary ? ReasoningKind.Summary : ReasoningKind.Text)
    {
        Format = ReasoningFormats.OpenAIResponses,
        Id = id,
        Index = index,
        Text = text,
    };

    /// <summary>What a reasoning item holds encrypted; null: nothing.</summary>
    public static ReasoningPart? Encrypted(JsonElement item, int index) =>
        OpenAIResponsesJson.Text(item, "encrypted_content"u8) is { Length: > 0 } data
            ? new ReasoningPart(ReasoningKind.Encrypted)
            {
                Format = ReasoningFormats.OpenAIResponses,
                Id = OpenAIResponsesJson.Text(item, "id"u8),
                Index = index,
                Data = data,
            }
            : null;

    /// <summary>An image that the model made; null: it has not come.</summary>
    public static ImagePart? Image(JsonElement item) => OpenAIResponsesJson.Text(item, "result"u8) is { Length: > 0 } data
        ? new ImagePart($"data:image/{OpenAIResponsesJson.Text(item, "output_format"u8) ?? "png"};base64,{data}") { IsGenerated = true } : null;

    /// <summary>A citation of a web page; null: it is of something else.</summary>
    public static CitationPart? Citation(JsonElement annotation) =>
        OpenAIResponsesJson.Text(annotation, "type"u8) == "url_citation" && OpenAIResponsesJson.Text(annotation, "url"u8) is { } url
            ? new CitationPart(url, OpenAIResponsesJson.Text(annotation, "title"u8), OpenAIResponsesJson.Text(annotation, "content"u8),
                OpenAIResponsesJson.Number(annotation, "start_index"u8), OpenAIResponsesJson.Number(annotation, "end_index"u8))
            : null;

    /// <summary>Log probabilities in the shape of OpenAI's chat API; null: none.</summary>
    public static JsonElement? Logprobs(JsonElement holder)
    {
        if (holder.ValueKind != JsonValueKind.Object || !holder.TryGetProperty("logprobs"u8, out var tokens)) return null;
        return Logprobs((JsonElement?)tokens);
    }

    /// <summary>Log probabilities in the shape of OpenAI's chat API; null: none.</summary>
    public static JsonElement? Logprobs(JsonElement? tokens) => tokens is { ValueKind: JsonValueKind.Array } given && given.GetArrayLength() > 0
        ? JsonElement.Parse($"{{\"content\":{given.GetRawText()}}}") : null;
}
