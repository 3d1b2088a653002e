using System.Text.Json;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

namespace EdgeRouter.Dialects.OpenAIResponses.PassThrough;

/// <summary>Which items of an answer the content model has a place for; the others are copied. Stateless.</summary>
internal static class ResponsesCopiedItems
{
    /// <summary>Whether an item becomes parts.</summary>
    public static bool IsCarried(JsonElement item) => OpenAIResponsesJson.Text(item, "type"u8) switch
    {
        null or "message" or "reasoning" or "image_generation_call" => true,
        // Its name alone does not lead back to the caller's tool.
        "function_call" => OpenAIResponsesJson.Text(item, "namespace"u8) is null,
        _ => false,
    };

    /// <summary>Whether a citation becomes a part.</summary>
    public static bool IsCarriedCitation(JsonElement annotation) => OpenAIResponsesParts.Citation(annotation) is not null;
}
