using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>
/// Puts structured reasoning of earlier turns back into thinking blocks, unchanged, for the provider checks its signature. Blocks of other providers and blocks
/// without a signature are left out: the API would refuse them. A client may hand back the deltas of a stream as they came; deltas of one block are joined.
/// </summary>
internal static class AnthropicReasoningBlocks
{
    public static List<AnthropicBlock> Restore(IReadOnlyList<ReasoningDetail> details)
    {
        var blocks = new List<AnthropicBlock>();
        for (var i = 0; i < details.Count; i++)
        {
            var detail = details[i];
            if (detail.Format != ReasoningFormats.Anthropic) continue;
            if (detail is { Kind: ReasoningDetailKind.Encrypted, Data: { Length: > 0 } data }) blocks.Add(new RedactedThinkingBlock(data));
            if (detail.Kind != ReasoningDetailKind.Text) continue;
            var text = detail.Text;
            var signature = detail.Signature;
            while (string.IsNullOrEmpty(signature) && i + 1 < details.Count && Continues(detail, details[i + 1]))
            {
                i++;
                text += details[i].Text;
                signature = details[i].Signature;
            }
            if (!string.IsNullOrEmpty(signature)) blocks.Add(new ThinkingBlock(text ?? "", signature));
        }
        return blocks;
    }

    private static bool Continues(ReasoningDetail first, ReasoningDetail next) =>
        next.Kind == ReasoningDetailKind.Text && next.Format == first.Format && next.Index == first.Index;
}
