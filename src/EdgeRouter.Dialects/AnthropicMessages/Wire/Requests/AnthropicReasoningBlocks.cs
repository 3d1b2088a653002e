using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>
/// Puts structured reasoning of earlier turns back into thinking blocks, unchanged, because the provider checks their signatures. Blocks of other providers
/// and blocks without a signature are left out: the API would refuse them. A client may return the deltas of a stream as they came; deltas of one block are
/// joined.
/// </summary>
internal static class AnthropicReasoningBlocks
{
    /// <summary>The block that begins with the part at <paramref name="start"/>; null: it is left out.</summary>
    /// <param name="content">The parts of a turn.</param>
    /// <param name="start">Index of a <see cref="ReasoningPart"/>.</param>
    /// <param name="end">Index after the last part of the block.</param>
    public static AnthropicBlock? Restore(IReadOnlyList<ContentPart> content, int start, out int end)
    {
        end = start + 1;
        var part = (ReasoningPart)content[start];
        if (part.Format != ReasoningFormats.Anthropic) return null;
        if (part.Kind == ReasoningKind.Encrypted) return part.Data is { Length: > 0 } data ? new RedactedThinkingBlock(data) : null;
        if (part.Kind != ReasoningKind.Text) return null;
        var text = default(JoinedText);
        text.Add(part.Text);
        var signature = part.Signature;
        while (string.IsNullOrEmpty(signature) && end < content.Count && content[end] is ReasoningPart next && Continues(part, next))
        {
            end++;
            text.Add(next.Text);
            signature = next.Signature;
        }
        return string.IsNullOrEmpty(signature) ? null : new ThinkingBlock(text.ToString(), signature);
    }

    private static bool Continues(ReasoningPart first, ReasoningPart next) =>
        !first.IsContent && !next.IsContent && next.Kind == ReasoningKind.Text && next.Format == first.Format && next.Index == first.Index;
}
