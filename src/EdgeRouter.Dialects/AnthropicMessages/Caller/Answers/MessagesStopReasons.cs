using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>Why an answer ended, in Anthropic's words. An answer always has a reason, and one with calls of tools says so.</summary>
internal static class MessagesStopReasons
{
    /// <summary>The word.</summary>
    /// <param name="reason">The reason; null: not reported.</param>
    /// <param name="native">The provider's own word, which stays if it is one of Anthropic's.</param>
    /// <param name="callsTools">Whether the answer has a call of a tool.</param>
    /// <param name="refuses">Whether the answer has a refusal.</param>
    public static string Of(FinishReason? reason, string? native, bool callsTools, bool refuses) => native switch
    {
        "end_turn" or "max_tokens" or "stop_sequence" or "tool_use" or "pause_turn" or "refusal" or "model_context_window_exceeded" or "compaction" => native,
        _ => reason switch
        {
            // The only word for an incomplete answer.
            FinishReason.Length or FinishReason.Error => "max_tokens",
            FinishReason.ToolCalls => "tool_use",
            FinishReason.ContentFilter => "refusal",
            _ => callsTools ? "tool_use" : refuses ? "refusal" : "end_turn",
        },
    };
}
