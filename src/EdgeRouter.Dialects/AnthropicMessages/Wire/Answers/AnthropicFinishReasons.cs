using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>Maps <c>stop_reason</c>. An unknown word counts as a stop; the provider's own word is kept beside it.</summary>
internal static class AnthropicFinishReasons
{
    public static FinishReason ToCanonical(string stopReason) => stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.ContentFilter,
        _ => FinishReason.Stop, // end_turn, stop_sequence, pause_turn, ...
    };
}
