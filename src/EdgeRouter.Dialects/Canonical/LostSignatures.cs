using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// One caller's signatures in one format: noted from the answers of a provider that wants them back, and put back into the turns of a request that come
/// without. Thread-safe.
/// </summary>
/// <param name="memory">Where they are kept.</param>
/// <param name="owner">The caller's key hash.</param>
/// <param name="format">One of <see cref="ReasoningFormats"/>.</param>
internal sealed class LostSignatures(SignatureMemory memory, string owner, string format)
{
    /// <summary>Notes what was signed in a whole answer.</summary>
    public void Note(ChatResponse response)
    {
        foreach (var choice in response.Choices)
            if (SignedTurn.Of(choice.Message.Content, format) is { } turn) memory.Remember(owner, turn);
    }

    /// <summary>A recorder for one stream.</summary>
    public SignedStream NoteStream() => new(this);

    /// <summary>The request with what its turns have lost; the same one, if nothing is missing or known.</summary>
    public ChatRequest Restore(ChatRequest request)
    {
        ChatMessage[]? messages = null;
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Role != ChatRole.Assistant || Restore(message.Content) is not { } content) continue;
            messages ??= [.. request.Messages];
            messages[i] = message with { Content = content };
        }
        return messages is null ? request : request with { Messages = messages };
    }

    /// <summary>The parts with what they have lost; null: nothing is missing or known.</summary>
    private List<ContentPart>? Restore(IReadOnlyList<ContentPart> content)
    {
        foreach (var part in content.Of<ReasoningPart>())
            if (SignedTurn.IsSigned(part, format)) return null;
        List<ContentPart>? restored = null;
        for (var i = 0; i < content.Count; i++)
        {
            if (content[i] is not ToolCallPart call || !memory.TryFind(owner, call.Id, out var turn) || turn.Format != format) continue;
            // All calls of a turn name the same blocks, which stand before everything else.
            restored ??= [.. turn.Blocks, .. content];
            if (string.IsNullOrEmpty(call.Signature) && turn.SignatureOf(call.Id) is { } signature)
                restored[restored.Count - content.Count + i] = call with { Signature = signature };
        }
        return restored;
    }
}
