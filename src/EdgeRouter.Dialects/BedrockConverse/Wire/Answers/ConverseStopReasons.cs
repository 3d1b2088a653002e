using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>Maps <c>stopReason</c>. An unknown word counts as a stop; the provider's own word is kept beside it.</summary>
internal static class ConverseStopReasons
{
    public static FinishReason ToCanonical(string reason) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "content_filtered" or "guardrail_intervened" => FinishReason.ContentFilter,
        "malformed_model_output" or "malformed_tool_use" => FinishReason.Error,
        _ => FinishReason.Stop, // end_turn, stop_sequence
    };
}
