using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>
/// Finds the thought signatures that an assistant turn returns. Gemini 3 and later answer 400 when the first function call of a turn, or a picture that
/// the model made, comes back without the signature that the model gave with it.
/// </summary>
internal static class GeminiSignatures
{
    /// <summary>
    /// Replaces a signature that the conversation does not have: the turn came from another provider, or the client lost it. Google documents this
    /// value, which skips its check; the model then reasons again. A real signature is always preferred.
    /// </summary>
    public const string Substitute = "skip_thought_signature_validator";

    /// <summary>The same in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Substitute => "skip_thought_signature_validator"u8;

    /// <summary>
    /// The signature of a tool call: kept with the call, or returned by the client as an encrypted reasoning block with the call's id; null: lost.
    /// </summary>
    public static string? OfCall(IReadOnlyList<ContentPart> content, ToolCallPart call)
    {
        if (!string.IsNullOrEmpty(call.Signature)) return call.Signature;
        foreach (var part in content.Of<ReasoningPart>())
            if (IsSignature(part) && part.Id == call.Id) return part.Data;
        return null;
    }

    /// <summary>
    /// Gives the texts and pictures of a turn their signatures, encrypted blocks that belong to no call. One directly after a part belongs to that
    /// part. Where the order was lost, they come before everything: signatures come last in a turn, so the last one goes with the last part.
    /// </summary>
    /// <returns>The last signature, if the turn has neither a text nor a picture that could take it; null: none is left.</returns>
    public static string? Place(IReadOnlyList<ContentPart> content, List<GeminiTurnPiece> pieces)
    {
        List<string>? lost = null;
        var next = 0;
        for (var i = 0; i < content.Count; i++)
        {
            // Pieces are in the order of the parts, some of which are no piece.
            if (next < pieces.Count && pieces[next].Place.Part == i) next++;
            if (content[i] is not ReasoningPart { Id: null or "" } part || !IsSignature(part)) continue;
            if (next > 0 && pieces[next - 1] is { Part: not ToolCallPart, Signature: null } signed && signed.Place.Part == i - 1) signed.Signature = part.Data;
            else (lost ??= []).Add(part.Data!);
        }
        if (lost is null) return null;
        var isPlaced = false;
        var left = lost.Count;
        for (var i = pieces.Count - 1; i >= 0; i--)
        {
            if (pieces[i].Part is ToolCallPart) continue;
            isPlaced = true;
            if (left > 0) pieces[i].Signature ??= lost[--left];
        }
        return isPlaced ? null : lost[^1];
    }

    // Other providers' encrypted blocks mean nothing to this one, and it refuses them.
    private static bool IsSignature(ReasoningPart part) => part is { Kind: ReasoningKind.Encrypted, Format: ReasoningFormats.Gemini, Data.Length: > 0 };
}
