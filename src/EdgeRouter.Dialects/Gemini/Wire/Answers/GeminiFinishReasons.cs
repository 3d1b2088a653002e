using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>Translates the provider's <c>finishReason</c>.</summary>
internal static class GeminiFinishReasons
{
    /// <summary>
    /// The canonical reason. Unknown words are <see cref="FinishReason.Error"/>: all that the provider has added so far mean an incomplete
    /// answer, and a broken answer must not look like a finished one.
    /// </summary>
    public static FinishReason Translate(string native, bool calledFunctions) => native switch
    {
        "STOP" => calledFunctions ? FinishReason.ToolCalls : FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => FinishReason.ContentFilter,
        _ => FinishReason.Error,
    };
}
