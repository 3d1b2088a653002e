using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>
/// A part of reasoning as this API's blocks: a thought with its signature, an opaque block, both, or nothing. A caller who wants no thoughts gets their
/// signatures all the same, with an empty text, since the next turn needs them.
/// </summary>
/// <param name="Text">Text of the thought; null: there is no thought.</param>
/// <param name="Signature">Its signature; empty: it has none.</param>
/// <param name="Data">The opaque block; null: there is none.</param>
internal readonly record struct MessagesThought(string? Text, string Signature, string? Data)
{
    /// <summary>Origins of signatures, as callers of this API see them.</summary>
    public static readonly SignatureOrigin Origin = new(ReasoningFormats.Anthropic);

    /// <summary>The blocks of a part.</summary>
    public static MessagesThought Of(ReasoningPart part, bool isHidden)
    {
        var text = isHidden ? null : part.Kind is ReasoningKind.Encrypted or ReasoningKind.Other ? part.Readable : part.Text ?? part.Readable;
        if (part.Kind == ReasoningKind.Encrypted)
            return new MessagesThought(text is { Length: > 0 } ? text : null, "", part.Data is { Length: > 0 } data ? Sign(part, data) : null);
        var signature = part.Signature is { Length: > 0 } signed ? Sign(part, signed) : "";
        return new MessagesThought(text is { Length: > 0 } || signature.Length > 0 ? text ?? "" : null, signature, null);
    }

    /// <summary>A signature over a call as an opaque block, which clients keep.</summary>
    public static string OfCall(string callId, string signature) => Origin.Write(ReasoningFormats.Gemini, callId, signature);

    /// <summary>A signature or opaque data of a part as callers get it.</summary>
    public static string Sign(ReasoningPart part, string signature) => Origin.Write(part.Format, part.Id, signature);
}
