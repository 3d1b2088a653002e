using System.Buffers.Text;
using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.Gemini.Caller;

/// <summary>
/// A <c>thoughtSignature</c>. Google's own is what it is. One of another provider, and opaque reasoning, carry their origin with them. The member is bytes,
/// which clients decode and encode again, in either alphabet of base64: so what we add is base64 too. Stateless and thread-safe.
/// </summary>
internal static class GeminiThoughtSignature
{
    private const string DataMark = "data:";
    private const string TextMark = "text:";

    private static readonly SignatureOrigin Origin = new("");

    /// <summary>Whether a signature, as written in JSON, is not Google's: what <see cref="Write"/> puts before it, in base64.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> json) => json.StartsWith("ZGF0YTplZGdlcm91dGVy"u8) || json.StartsWith("dGV4dDplZGdlcm91dGVy"u8);

    /// <summary>A signature as callers get it.</summary>
    /// <param name="part">The reasoning that it belongs to.</param>
    /// <param name="value">The signature, or the opaque data.</param>
    public static string Write(ReasoningPart part, string value)
    {
        if (part is { Format: ReasoningFormats.Gemini, Id: null or "" }) return value;
        var mark = part.Kind == ReasoningKind.Encrypted ? DataMark : TextMark;
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(mark + Origin.Write(part.Format, part.Id, value)));
    }

    /// <summary>The reasoning that a caller returned.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="thought">Text of the thought that it came with; null: it came with something else, or alone.</param>
    public static ReasoningPart Read(string signature, string? thought)
    {
        var (isData, format, id, value) = Decode(signature);
        return isData || thought is null
            ? new ReasoningPart(ReasoningKind.Encrypted) { Data = value, Format = format, Id = id }
            : new ReasoningPart(ReasoningKind.Text) { Text = thought, Signature = value, Format = format, Id = id };
    }

    private static (bool IsData, string Format, string? Id, string Value) Decode(string signature)
    {
        var url = signature.Replace('+', '-').Replace('/', '_');
        if (!IsMarked(Encoding.UTF8.GetBytes(signature)) || !Base64Url.IsValid(url)) return (false, ReasoningFormats.Gemini, null, signature);
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(url));
        var (format, id, value) = Origin.Read(text[DataMark.Length..]);
        return (text.StartsWith(DataMark, StringComparison.Ordinal), format, id, value);
    }
}
