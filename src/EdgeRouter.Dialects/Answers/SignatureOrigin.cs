using System.Buffers.Text;
using System.Text;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Answers;

/// <summary>
/// Where a signature comes from. Clients return signatures unread, so one that is not of the API's own format carries its origin with it:
/// <c>edgerouter.FORMAT.ID.SIGNATURE</c>, the id in base64. One of the own format is what it is. So each provider gets only its own back. Immutable and
/// thread-safe.
/// </summary>
/// <param name="own">The format that a caller API has in common with a wire, one of <see cref="ReasoningFormats"/>.</param>
internal sealed class SignatureOrigin(string own)
{
    private const string Mark = "edgerouter.";

    private static ReadOnlySpan<byte> Utf8Mark => "edgerouter."u8;

    /// <summary>Whether a signature, as written in JSON, is of another format.</summary>
    public static bool IsMarked(ReadOnlySpan<byte> json) => json.StartsWith(Utf8Mark);

    /// <summary>A signature as callers get it.</summary>
    /// <param name="format">One of <see cref="ReasoningFormats"/>; null: not known.</param>
    /// <param name="id">Id of the block; null: none.</param>
    /// <param name="signature">The provider's.</param>
    public string Write(string? format, string? id, string signature) => format == own
        ? signature
        : $"{Mark}{format ?? ReasoningFormats.Unknown}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id ?? ""))}.{signature}";

    /// <summary>What a caller returned: origin, id and the provider's own signature.</summary>
    public (string Format, string? Id, string Signature) Read(string signature)
    {
        if (!signature.StartsWith(Mark, StringComparison.Ordinal)) return (own, null, signature);
        var parts = signature[Mark.Length..].Split('.', 3);
        // Nobody can read what lost its origin.
        if (parts.Length < 3 || !Base64Url.IsValid(parts[1])) return (ReasoningFormats.Unknown, null, signature);
        var id = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        return (parts[0], id.Length == 0 ? null : id, parts[2]);
    }
}
