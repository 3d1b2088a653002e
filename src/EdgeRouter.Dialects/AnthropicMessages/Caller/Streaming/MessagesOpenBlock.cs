using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;

/// <summary>A thought or a call that has begun and not ended. Not thread-safe.</summary>
/// <param name="head">What is known of the part from its beginning.</param>
internal sealed class MessagesOpenBlock(ContentPart head)
{
    private string? data = (head as ReasoningPart)?.Data;

    /// <summary>Its number among the blocks; negative: it has not been written.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Whether it has been written.</summary>
    public bool HasBegun => Index >= 0;

    /// <summary>Whether it is a call of a tool.</summary>
    public bool IsCall => head is ToolCallPart;

    /// <summary>Whether it is a thought.</summary>
    public bool IsThought => head is ReasoningPart;

    /// <summary>Id of the call.</summary>
    public string? CallId => (head as ToolCallPart)?.Id;

    /// <summary>The reasoning, with the origin and id known so far.</summary>
    public ReasoningPart Reasoning { get; private set; } = head as ReasoningPart ?? new ReasoningPart(ReasoningKind.Plain);

    /// <summary>Whether it is a block of opaque reasoning.</summary>
    public bool IsOpaque => Reasoning.Kind == ReasoningKind.Encrypted;

    /// <summary>The signature over a call; null: none.</summary>
    public string? Signature { get; set; } = (head as ToolCallPart)?.Signature;

    /// <summary>Takes what a piece holds beside its text.</summary>
    public void Note(ReasoningPart piece)
    {
        data = piece.Data ?? data;
        if (piece.Id is null && piece.Format is null) return;
        Reasoning = Reasoning with { Id = piece.Id ?? Reasoning.Id, Format = Reasoning.Format ?? piece.Format };
    }

    /// <summary>The opaque block that follows it; null: none does.</summary>
    public string? OpaqueData()
    {
        if (Signature is { Length: > 0 } signature && CallId is { } id) return MessagesThought.OfCall(id, signature);
        return IsOpaque && data is { Length: > 0 } ? MessagesThought.Sign(Reasoning, data) : null;
    }
}
