using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>A thought or a call that has begun and not ended. Not thread-safe.</summary>
/// <param name="head">What is known of the part from its beginning.</param>
internal sealed class ResponsesOpenPart(ContentPart head)
{
    /// <summary>Id of the call; null: it is a thought.</summary>
    public string? CallId => (head as ToolCallPart)?.Id;

    /// <summary>The item of the call; null: it has not begun.</summary>
    public ResponsesCallItem? Call { get; set; }

    /// <summary>The item of the thought; null: it has not begun.</summary>
    public ResponsesReasoningItem? Thought { get; set; }

    /// <summary>The text of the thought; null: it has not begun.</summary>
    public ResponsesText? Text { get; set; }

    /// <summary>The reasoning, with the origin and id known so far.</summary>
    public ReasoningPart Reasoning { get; private set; } = head as ReasoningPart ?? new ReasoningPart(ReasoningKind.Plain);

    /// <summary>The signature; null: none.</summary>
    public string? Signature { get; set; } = head is ToolCallPart call ? call.Signature : (head as ReasoningPart)?.Signature;

    /// <summary>The opaque data; null: none.</summary>
    public string? Data { get; private set; } = (head as ReasoningPart)?.Data;

    /// <summary>Takes what a piece tells beside its text.</summary>
    public void Note(ReasoningPart piece)
    {
        Signature = piece.Signature ?? Signature;
        Data = piece.Data ?? Data;
        if (piece.Id is null && piece.Format is null) return;
        Reasoning = Reasoning with { Id = piece.Id ?? Reasoning.Id, Format = Reasoning.Format ?? piece.Format };
    }
}
