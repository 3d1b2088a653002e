using System.Buffers;
using System.Text.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Citations of web pages to <c>url_citation</c> annotations. Citations of the caller's own documents have no URL and no place there.</summary>
internal static class AnthropicCitations
{
    /// <summary>Name of the message member that holds them.</summary>
    public const string Member = "annotations";

    public static bool IsWebPage(JsonElement citation) =>
        citation.ValueKind == JsonValueKind.Object && citation.TryGetProperty("url"u8, out var url) && url.ValueKind == JsonValueKind.String;

    /// <summary>The annotations array.</summary>
    public static JsonElement ToAnnotations(IReadOnlyList<JsonElement> citations)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AnthropicJson.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (var citation in citations) WriteAnnotation(writer, citation);
            writer.WriteEndArray();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void WriteAnnotation(Utf8JsonWriter writer, JsonElement citation)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "url_citation"u8);
        writer.WriteStartObject("url_citation"u8);
        Copy(writer, citation, "url"u8, "url"u8);
        Copy(writer, citation, "title"u8, "title"u8);
        Copy(writer, citation, "cited_text"u8, "content"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement citation, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (citation.TryGetProperty(from, out var value) && value.ValueKind == JsonValueKind.String) AnthropicJson.WriteRaw(writer, to, value);
    }
}
