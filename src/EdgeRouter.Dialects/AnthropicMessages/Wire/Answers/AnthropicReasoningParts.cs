using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>Thinking blocks, whole or in pieces, as callers get and return them.</summary>
internal static class AnthropicReasoningParts
{
    public static ReasoningPart Text(int index, string? text, string? signature) =>
        new(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Index = index, Text = text, Signature = signature };

    public static ReasoningPart Redacted(int index, string data) =>
        new(ReasoningKind.Encrypted) { Format = ReasoningFormats.Anthropic, Index = index, Data = data };
}
