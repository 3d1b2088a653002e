using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire.Answers;

/// <summary>
/// Turns the web sources of <c>groundingMetadata</c> into citations, one for each source. Their position in the text is left out: the provider counts
/// it in bytes of the whole text, which a stream no longer has.
/// </summary>
internal static class GeminiGroundingReader
{
    public static void Read(JsonElement candidateJson, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        if (!candidateJson.TryGetObject("groundingMetadata"u8, out var grounding) || !grounding.TryGetArray("groundingChunks"u8, out var sources)) return;
        var count = sources.GetArrayLength();
        if (count <= candidate.Citations) return;
        var citations = new List<CitationPart>(count - candidate.Citations);
        for (; candidate.Citations < count; candidate.Citations++)
            if (Read(sources[candidate.Citations]) is { } citation) citations.Add(citation);
        if (citations.Count > 0) events.Add(new CitationsAdded(candidate.Index, candidate.AddCitations(citations.Count), citations));
    }

    private static CitationPart? Read(JsonElement source) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetObject("web"u8, out var web) && web.GetText("uri"u8) is { } uri
            ? new CitationPart(uri, web.GetText("title"u8))
            : null;
}
