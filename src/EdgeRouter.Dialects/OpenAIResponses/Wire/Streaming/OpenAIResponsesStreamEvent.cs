using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;

/// <summary>The members of one stream event, found in one pass whatever their order. Only rare ones are parsed to elements; deltas cost one string.</summary>
internal struct OpenAIResponsesStreamEvent
{
    /// <summary>Its type; empty: none.</summary>
    public string Type;

    /// <summary>Index of the item; null: none.</summary>
    public int? OutputIndex;

    /// <summary>Index of the text in the item's content or summary; null: none.</summary>
    public int? TextIndex;

    /// <summary>A piece of a text or of arguments; null: none.</summary>
    public string? Delta;

    /// <summary>The item; of no kind: none.</summary>
    public JsonElement Item;

    /// <summary>The response; of no kind: none.</summary>
    public JsonElement Response;

    /// <summary>A citation; of no kind: none.</summary>
    public JsonElement Annotation;

    /// <summary>Log probabilities; of no kind: none.</summary>
    public JsonElement Logprobs;

    /// <exception cref="UpstreamFormatException">Not a JSON object, or a member of the wrong type.</exception>
    public static OpenAIResponsesStreamEvent Parse(ReadOnlySpan<byte> data)
    {
        var parsed = new OpenAIResponsesStreamEvent { Type = "" };
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new UpstreamFormatException("An event of the stream is not a JSON object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) parsed.ReadMember(ref reader);
            reader.Read(); // finds anything after the object
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("An event of the stream is not valid JSON.", error);
        }
        return parsed;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8)) Type = ReadText(ref reader) ?? "";
        else if (reader.ValueTextEquals("output_index"u8)) OutputIndex = ReadIndex(ref reader);
        else if (reader.ValueTextEquals("content_index"u8) || reader.ValueTextEquals("summary_index"u8)) TextIndex = ReadIndex(ref reader);
        else if (reader.ValueTextEquals("delta"u8)) Delta = ReadText(ref reader);
        else if (reader.ValueTextEquals("item"u8)) Item = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("response"u8)) Response = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("annotation"u8)) Annotation = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("logprobs"u8)) Logprobs = JsonElement.ParseValue(ref reader);
        else reader.Skip();
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return JsonStrings.Decode(reader.ValueSpan);
        // Another event's delta may be an object.
        reader.Skip();
        return null;
    }

    private static int? ReadIndex(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index
            : throw new UpstreamFormatException("An index of the stream is not an integer.");
    }
}
