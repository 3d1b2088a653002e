using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>
/// Reasoning as parts of this API have it: a thought, or Google's signature alone. A caller who does not want thoughts gets their signatures all the same, with
/// an empty text, since the next turn needs them.
/// </summary>
/// <param name="Text">Text of the thought; null: none.</param>
/// <param name="Signature">The signature; null: none.</param>
/// <param name="IsThought">Whether it is a thought.</param>
internal readonly record struct GeminiThought(string? Text, string? Signature, bool IsThought)
{
    /// <summary>What a part is written as.</summary>
    public static GeminiThought Of(ReasoningPart part, bool isHidden)
    {
        if (SignatureBehind(part) is { } lone) return new GeminiThought(null, lone, IsThought: false);
        var text = isHidden ? null : OrNull(part.Kind is ReasoningKind.Encrypted or ReasoningKind.Other ? part.Readable : part.Text ?? part.Readable);
        var signed = OrNull(part.Kind == ReasoningKind.Encrypted ? part.Data : part.Signature);
        return new GeminiThought(text, signed is null ? null : GeminiThoughtSignature.Write(part, signed), IsThought: true);
    }

    /// <summary>Google's signature over the text or picture before it, or over nothing; null: the part is another one.</summary>
    public static string? SignatureBehind(ReasoningPart part) =>
        part is { Kind: ReasoningKind.Encrypted, Format: ReasoningFormats.Gemini, Id: null or "" } ? OrNull(part.Data) : null;

    /// <summary>Null for an empty text.</summary>
    public static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
