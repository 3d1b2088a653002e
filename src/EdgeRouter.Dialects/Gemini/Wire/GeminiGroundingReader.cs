using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>
/// Turns the web sources of <c>groundingMetadata</c> into <c>url_citation</c> annotations, one a source. Where in the text they were used is left out: the
/// provider counts it in bytes of the whole text, which a stream no longer has.
/// </summary>
internal static class GeminiGroundingReader
{
    public static void Read(JsonElement candidateJson, GeminiCandidate candidate, ICollection<StreamEvent> events)
    {
        if (!candidateJson.TryGetObject("groundingMetadata"u8, out var grounding) || !grounding.TryGetArray("groundingChunks"u8, out var sources)) return;
        var count = sources.GetArrayLength();
        if (count <= candidate.Citations) return;
        var buffer = new ArrayBufferWriter<byte>();
        var any = false;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (; candidate.Citations < count; candidate.Citations++)
                any |= Write(json, sources[candidate.Citations]);
            json.WriteEndArray();
        }
        if (any) events.Add(new ExtensionDelta(candidate.Index, "annotations", JsonElement.Parse(buffer.WrittenSpan)));
    }

    private static bool Write(Utf8JsonWriter json, JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object || !source.TryGetObject("web"u8, out var web) || web.GetText("uri"u8) is not { } uri) return false;
        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        json.WriteStartObject("url_citation"u8);
        json.WriteString("url"u8, uri);
        if (web.GetText("title"u8) is { } title) json.WriteString("title"u8, title);
        json.WriteEndObject();
        json.WriteEndObject();
        return true;
    }
}
