using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>Why a candidate ended, in Google's words. One that is over always has a reason.</summary>
internal static class GeminiReasons
{
    /// <summary>The word.</summary>
    /// <param name="reason">The reason; null: not reported.</param>
    /// <param name="native">The provider's own word, which stays if it is one of Google's.</param>
    /// <param name="refuses">Whether the answer has a refusal.</param>
    public static string Of(FinishReason? reason, string? native, bool refuses) => native switch
    {
        "STOP" or "MAX_TOKENS" or "SAFETY" or "RECITATION" or "LANGUAGE" or "OTHER" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT"
            or "NO_IMAGE" or "IMAGE_RECITATION" or "IMAGE_OTHER" or "CONTINUATION" => native,
        _ => reason switch
        {
            FinishReason.Length => "MAX_TOKENS",
            FinishReason.ContentFilter => "SAFETY",
            FinishReason.Error => "OTHER",
            // Google has no word for calls.
            _ => refuses ? "SAFETY" : "STOP",
        },
    };
}
