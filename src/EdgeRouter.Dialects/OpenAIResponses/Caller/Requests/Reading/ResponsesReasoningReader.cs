using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>
/// Reads a reasoning item that a client returns: as one that a provider of Responses wrote, as one of another provider, whose signature names its origin, or
/// as plain text. Stateless and thread-safe.
/// </summary>
internal static class ResponsesReasoningReader
{
    /// <summary>The parts of an item, in order.</summary>
    /// <param name="item">The item.</param>
    /// <param name="thoughts">Reasoning blocks of the turn so far.</param>
    public static List<ContentPart> Read(JsonElement item, ref int thoughts)
    {
        var parts = new List<ContentPart>();
        // OpenRouter's other spelling of a signature.
        if (item.Text("signature") is { Length: > 0 } signature && item.Text("encrypted_content") is not { Length: > 0 })
        {
            parts.Add(Signed(item, signature, item.Text("format"), null, thoughts++));
            return parts;
        }
        if (item.Text("encrypted_content") is not { Length: > 0 } encrypted)
        {
            foreach (var text in TextsOf(item)) parts.Add(new ReasoningPart(ReasoningKind.Plain) { Text = text.Text });
            return parts;
        }
        var (format, id, signs, value) = ResponsesSignature.Read(encrypted);
        if (signs == ReasoningKind.Text)
        {
            parts.Add(Signed(item, value, format, id, thoughts++));
            return parts;
        }
        var isOwn = format == ReasoningFormats.OpenAIResponses;
        if (isOwn) (format, id) = (item.Text("format") ?? format, item.Text("id"));
        foreach (var (text, isSummary) in TextsOf(item))
        {
            var part = new ReasoningPart(!isOwn ? ReasoningKind.Plain : isSummary ? ReasoningKind.Summary : ReasoningKind.Text) { Text = text };
            parts.Add(isOwn ? part with { Format = format, Id = id, Index = thoughts++ } : part);
        }
        parts.Add(new ReasoningPart(ReasoningKind.Encrypted) { Data = value, Format = format, Id = id, Index = thoughts++ });
        return parts;
    }

    private static ReasoningPart Signed(JsonElement item, string signature, string? format, string? id, int index) => new(ReasoningKind.Text)
    {
        Text = string.Concat(TextsOf(item).Select(text => text.Text)),
        Signature = signature,
        Format = format ?? ReasoningFormats.Unknown,
        Id = id,
        Index = index,
    };

    private static IEnumerable<(string Text, bool IsSummary)> TextsOf(JsonElement item)
    {
        foreach (var member in (string[])["summary", "content"])
        {
            if (item.Member(member) is not { } texts) continue;
            foreach (var text in texts.EnumerateArray()) yield return (text.Text("text")!, member == "summary");
        }
    }
}
