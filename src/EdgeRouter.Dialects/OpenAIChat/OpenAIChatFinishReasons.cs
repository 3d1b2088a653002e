using System.Text;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>The providers' words for why generation ended, and the five that callers see.</summary>
internal static class OpenAIChatFinishReasons
{
    /// <summary>Reads a provider's word, ignoring case. An unknown word counts as stop.</summary>
    public static FinishReason Read(ReadOnlySpan<byte> word)
    {
        if (IsAny(word, "stop"u8, "eos"u8, "end_turn"u8, "stop_sequence"u8)) return FinishReason.Stop;
        if (IsAny(word, "length"u8, "max_tokens"u8, "model_length"u8)) return FinishReason.Length;
        if (IsAny(word, "tool_calls"u8, "function_call"u8, "tool_use"u8)) return FinishReason.ToolCalls;
        if (IsAny(word, "content_filter"u8, "safety"u8, "refusal"u8, "sensitive"u8, "recitation"u8)) return FinishReason.ContentFilter;
        if (IsAny(word, "error"u8, "network_error"u8, "insufficient_system_resource"u8)) return FinishReason.Error;
        return FinishReason.Stop;
    }

    /// <summary>The word that callers see.</summary>
    public static ReadOnlySpan<byte> Word(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length"u8,
        FinishReason.ToolCalls => "tool_calls"u8,
        FinishReason.ContentFilter => "content_filter"u8,
        FinishReason.Error => "error"u8,
        _ => "stop"u8,
    };

    private static bool IsAny(
        ReadOnlySpan<byte> word, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> fourth = default,
            ReadOnlySpan<byte> fifth = default) =>
        Ascii.EqualsIgnoreCase(word, first) || Ascii.EqualsIgnoreCase(word, second) || Ascii.EqualsIgnoreCase(word, third)
        || (!fourth.IsEmpty && Ascii.EqualsIgnoreCase(word, fourth)) || (!fifth.IsEmpty && Ascii.EqualsIgnoreCase(word, fifth));
}
