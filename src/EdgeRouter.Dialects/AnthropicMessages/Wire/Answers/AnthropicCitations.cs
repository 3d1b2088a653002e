using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>Citations of web pages. Citations of the caller's own documents have no URL and no place in the canonical form.</summary>
internal static class AnthropicCitations
{
    /// <summary>Reads one; null: it is not of a web page.</summary>
    public static CitationPart? Read(JsonElement citation) =>
        AnthropicJson.Text(citation, "url"u8) is { } url
            ? new CitationPart(url, AnthropicJson.Text(citation, "title"u8), AnthropicJson.Text(citation, "cited_text"u8))
            : null;
}
