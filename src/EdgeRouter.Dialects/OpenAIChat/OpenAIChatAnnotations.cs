using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>Entries of <c>annotations</c>, of which <c>url_citation</c> is a citation.</summary>
internal static class OpenAIChatAnnotations
{
    /// <summary>Name of the message member that holds them.</summary>
    public const string Member = "annotations";

    /// <summary>Reads the list; null: not all of it are citations, or it is empty. Each entry is kept as it came.</summary>
    public static CitationPart[]? TryRead(JsonElement annotations)
    {
        if (annotations.ValueKind != JsonValueKind.Array || annotations.GetArrayLength() == 0) return null;
        var citations = new CitationPart[annotations.GetArrayLength()];
        var count = 0;
        foreach (var annotation in annotations.EnumerateArray())
        {
            if (Read(annotation) is not { } citation) return null;
            citations[count++] = citation;
        }
        return citations;
    }

    /// <summary>Writes the list.</summary>
    public static void Write(IReadOnlyList<CitationPart> citations, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < citations.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            Write(citations[i], output);
        }
        output.Write("]"u8);
    }

    /// <summary>Writes one entry; unchanged, if it came in this format.</summary>
    public static void Write(CitationPart citation, IBufferWriter<byte> output)
    {
        if (citation.Json is { } json)
        {
            JsonBytes.Write(json, output);
            return;
        }
        output.Write("{\"type\":\"url_citation\",\"url_citation\":{\"url\":"u8);
        ((JsonText)citation.Url).WriteValue(output);
        WriteText(",\"title\":"u8, citation.Title, output);
        WriteText(",\"content\":"u8, citation.Content, output);
        WriteNumber(",\"start_index\":"u8, citation.Start, output);
        WriteNumber(",\"end_index\":"u8, citation.End, output);
        output.Write("}}"u8);
    }

    private static CitationPart? Read(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object || TextOf(annotation, "type"u8) != "url_citation"
            || !annotation.TryGetProperty("url_citation"u8, out var citation) || citation.ValueKind != JsonValueKind.Object
            || TextOf(citation, "url"u8) is not { } url)
            return null;
        return new CitationPart(url, TextOf(citation, "title"u8), TextOf(citation, "content"u8), NumberOf(citation, "start_index"u8),
            NumberOf(citation, "end_index"u8))
        { Json = annotation.Clone() };
    }

    private static string? TextOf(JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static int? NumberOf(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static void WriteText(ReadOnlySpan<byte> name, string? text, IBufferWriter<byte> output)
    {
        if (text is null) return;
        output.Write(name);
        ((JsonText)text).WriteValue(output);
    }

    private static void WriteNumber(ReadOnlySpan<byte> name, int? number, IBufferWriter<byte> output)
    {
        if (number is not { } value) return;
        output.Write(name);
        JsonBytes.Write(value, output);
    }
}
