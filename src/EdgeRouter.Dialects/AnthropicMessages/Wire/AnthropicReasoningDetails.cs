using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Thinking blocks, whole or in pieces, as callers get them and hand them back.</summary>
internal static class AnthropicReasoningDetails
{
    public static ReasoningDetail Text(int index, string? text, string? signature) =>
        new() { Kind = ReasoningDetailKind.Text, Format = ReasoningFormats.Anthropic, Index = index, Text = text, Signature = signature };

    public static ReasoningDetail Redacted(int index, string data) =>
        new() { Kind = ReasoningDetailKind.Encrypted, Format = ReasoningFormats.Anthropic, Index = index, Data = data };
}
