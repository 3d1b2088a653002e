using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>
/// Finds the thought signatures that an assistant turn brings back. Gemini 3 and later answer 400 when the first function call of a turn, or a picture that
/// the model made, comes back without the signature that the model gave with it.
/// </summary>
internal static class GeminiSignatures
{
    /// <summary>
    /// Stands in for a signature that the conversation never had: the turn came from another provider, or the client lost it. Google documents the
    /// value as the way to have its check passed over; the model then reasons anew. A real signature is always preferred.
    /// </summary>
    public const string Substitute = "skip_thought_signature_validator";

    /// <summary>
    /// The signature of a tool call: kept with the call, or handed back by the client as an encrypted reasoning block with the call's id; null: lost.
    /// </summary>
    public static string? OfCall(ChatMessage message, ToolCall call)
    {
        if (!string.IsNullOrEmpty(call.Signature)) return call.Signature;
        foreach (var detail in message.ReasoningDetails)
            if (IsSignature(detail) && detail.Id == call.Id) return detail.Data;
        return null;
    }

    /// <summary>The signatures of text and pictures, in order: encrypted blocks that belong to no call.</summary>
    public static List<string> OfContent(ChatMessage message)
    {
        var signatures = new List<string>();
        foreach (var detail in message.ReasoningDetails)
            if (IsSignature(detail) && string.IsNullOrEmpty(detail.Id)) signatures.Add(detail.Data!);
        return signatures;
    }

    // Other providers' encrypted blocks mean nothing to this one, and it refuses them.
    private static bool IsSignature(ReasoningDetail detail) =>
        detail is { Kind: ReasoningDetailKind.Encrypted, Format: ReasoningFormats.Gemini, Data.Length: > 0 };
}
