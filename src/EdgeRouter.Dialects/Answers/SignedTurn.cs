using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Answers;

/// <summary>What a provider signed in one turn that called tools. Immutable.</summary>
/// <param name="Format">Who can read it, one of <see cref="ReasoningFormats"/>.</param>
/// <param name="Blocks">The signed blocks of reasoning, in order.</param>
/// <param name="CallIds">Ids of the calls.</param>
/// <param name="CallSignatures">Signatures over calls themselves, in the order of the ids; null: none.</param>
public sealed record SignedTurn(
    string Format, IReadOnlyList<ReasoningPart> Blocks, IReadOnlyList<string> CallIds, IReadOnlyList<string?> CallSignatures)
{
    private const int Overhead = 200;

    /// <summary>Bytes that it holds, roughly.</summary>
    public int Bytes
    {
        get
        {
            long characters = 0;
            foreach (var block in Blocks) characters += Overhead + LengthOf(block.Text) + LengthOf(block.Signature) + LengthOf(block.Data) + LengthOf(block.Id);
            foreach (var id in CallIds) characters += Overhead + id.Length;
            foreach (var signature in CallSignatures) characters += LengthOf(signature);
            return (int)Math.Min(characters * sizeof(char), int.MaxValue);
        }
    }

    /// <summary>What was signed in the parts of a turn; null: nothing, or no tool was called.</summary>
    public static SignedTurn? Of(IReadOnlyList<ContentPart> content, string format)
    {
        if (!content.Has<ToolCallPart>()) return null;
        var (blocks, ids, signatures) = (new List<ReasoningPart>(), new List<string>(), new List<string?>());
        foreach (var part in content.Of<ReasoningPart>())
            if (IsSigned(part, format)) blocks.Add(part with { Readable = null });
        var isAnySigned = false;
        foreach (var call in content.Of<ToolCallPart>())
        {
            ids.Add(call.Id);
            signatures.Add(call.Signature);
            isAnySigned |= !string.IsNullOrEmpty(call.Signature);
        }
        return blocks.Count > 0 || isAnySigned ? new SignedTurn(format, blocks, ids, signatures) : null;
    }

    /// <summary>The signature over a call; null: none.</summary>
    public string? SignatureOf(string callId)
    {
        for (var i = 0; i < CallIds.Count; i++)
            if (CallIds[i].Equals(callId, StringComparison.Ordinal)) return CallSignatures[i];
        return null;
    }

    /// <summary>Whether a block holds something that only a provider of that format can read or verify.</summary>
    public static bool IsSigned(ReasoningPart part, string format) =>
        string.Equals(part.Format, format, StringComparison.Ordinal) && (!string.IsNullOrEmpty(part.Signature) || !string.IsNullOrEmpty(part.Data));

    private static int LengthOf(string? text) => text?.Length ?? 0;
}
