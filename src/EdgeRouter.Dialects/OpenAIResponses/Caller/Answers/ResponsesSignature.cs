using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>
/// Signatures and opaque blocks as <c>encrypted_content</c>, which clients return unread. One of another format carries its origin
/// (<see cref="SignatureOrigin"/>), and whether it signs a text: some clients return it without that text. Stateless and thread-safe.
/// </summary>
internal static class ResponsesSignature
{
    private const string OfText = "text.";
    private const string OfData = "data.";

    private static readonly SignatureOrigin Origin = new(ReasoningFormats.OpenAIResponses);

    /// <summary>What a part of reasoning carries; null: nothing.</summary>
    /// <param name="part">The part, with the origin and id known so far.</param>
    /// <param name="signature">Its signature; null or empty: none.</param>
    /// <param name="data">Its opaque data; null or empty: none.</param>
    public static string? Write(ReasoningPart part, string? signature, string? data)
    {
        if (part.Kind == ReasoningKind.Encrypted)
        {
            if (data is not { Length: > 0 }) return null;
            return IsOwn(part) ? data : Origin.Write(part.Format, part.Id, OfData + data);
        }
        return signature is { Length: > 0 } ? Origin.Write(IsOwn(part) ? null : part.Format, part.Id, OfText + signature) : null;
    }

    /// <summary>A signature over a call, which is Gemini's.</summary>
    public static string OfCall(string callId, string signature) => Origin.Write(ReasoningFormats.Gemini, callId, OfData + signature);

    /// <summary>Whether a part is of the format of this API's providers.</summary>
    public static bool IsOwn(ReasoningPart part) => part.Format == ReasoningFormats.OpenAIResponses;

    /// <summary>What a caller returned: origin, id, whether it signs a text or is opaque, and the provider's own value.</summary>
    public static (string Format, string? Id, ReasoningKind Kind, string Value) Read(string encrypted)
    {
        var (format, id, value) = Origin.Read(encrypted);
        if (format == ReasoningFormats.OpenAIResponses) return (format, null, ReasoningKind.Encrypted, value);
        if (value.StartsWith(OfText, StringComparison.Ordinal)) return (format, id, ReasoningKind.Text, value[OfText.Length..]);
        if (value.StartsWith(OfData, StringComparison.Ordinal)) return (format, id, ReasoningKind.Encrypted, value[OfData.Length..]);
        return (ReasoningFormats.Unknown, id, ReasoningKind.Encrypted, value);
    }
}
