using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>Puts together the reasoning and the calls of a stream, not its texts, and notes what was signed at its good end. Not thread-safe.</summary>
/// <param name="signatures">Where it is noted.</param>
internal sealed class SignedStream(LostSignatures signatures)
{
    private ResponseAssembler? answer = new();
    private long characters;

    /// <summary>Takes the next event.</summary>
    public void Observe(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case PartStarted { Head: ToolCallPart call } started: Add(started with { Head = call with { Arguments = "" } }, LengthOf(call.Signature)); break;
            case PartStarted or CitationsAdded: Add(streamEvent, 0); break;
            case PartAdded { Content: ReasoningPart block }: Add(streamEvent, LengthOf(block.Text) + LengthOf(block.Data)); break;
            case PartAdded added: Add(added with { Content = TextPart.Empty }, 0); break;
            case ReasoningDelta { Block: { } block }: Add(streamEvent, LengthOf(block.Text) + LengthOf(block.Signature) + LengthOf(block.Data)); break;
            case ToolCallDelta { Signature: not null } call: Add(call with { Arguments = null }, LengthOf(call.Signature)); break;
        }
    }

    /// <summary>The stream has come to a good end.</summary>
    public void Complete()
    {
        if (answer is not null) signatures.Note(answer.ToResponse());
    }

    private void Add(StreamEvent streamEvent, int length)
    {
        characters += length;
        // Such a turn is too large to be kept.
        if (characters * sizeof(char) > SignatureMemory.MostBytesOfTurn) answer = null;
        answer?.Add(streamEvent);
    }

    private static int LengthOf(string? text) => text?.Length ?? 0;
}
