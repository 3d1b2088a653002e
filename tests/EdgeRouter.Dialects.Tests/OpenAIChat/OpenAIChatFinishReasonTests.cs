using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatFinishReasonTests
{
    [Theory]
    [InlineData(FinishReason.Stop, "stop", "eos", "end_turn", "stop_sequence", "STOP", "a word of tomorrow", "")]
    [InlineData(FinishReason.Length, "length", "max_tokens", "MAX_TOKENS", "model_length")]
    [InlineData(FinishReason.ToolCalls, "tool_calls", "function_call", "tool_use")]
    [InlineData(FinishReason.ContentFilter, "content_filter", "safety", "SAFETY", "refusal", "sensitive", "RECITATION")]
    [InlineData(FinishReason.Error, "error", "network_error", "insufficient_system_resource")]
    public void Words_are_mapped(FinishReason expected, params string[] words)
    {
        foreach (var word in words) Assert.Equal(expected, OpenAIChatFinishReasons.Read(System.Text.Encoding.UTF8.GetBytes(word)));
    }
}
