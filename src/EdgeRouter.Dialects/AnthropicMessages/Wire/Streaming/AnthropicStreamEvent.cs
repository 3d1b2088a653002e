using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;

/// <summary>Types of stream events; the others are <see cref="Unknown"/> and skipped.</summary>
internal enum AnthropicEventType { Unknown, MessageStart, BlockStart, BlockDelta, BlockStop, MessageDelta, MessageStop, Error }

/// <summary>Types of block deltas; the others are <see cref="Unknown"/> and skipped.</summary>
internal enum AnthropicDeltaType { Unknown, Text, Json, Thinking, Signature, Citation }

/// <summary>The members of one stream event, found in one pass whatever their order. Only rare ones are parsed to elements; deltas cost one string.</summary>
internal struct AnthropicStreamEvent
{
    public AnthropicEventType Type;
    public int? Index;
    public AnthropicDeltaType DeltaType;
    public string? DeltaText;
    public string? StopReason;
    public string? StopSequence;
    public JsonElement Citation;
    public JsonElement Message;
    public JsonElement Block;
    public JsonElement Usage;
    public JsonElement Error;

    /// <exception cref="UpstreamFormatException">Not UTF-8, not a JSON object, or a member of the wrong type.</exception>
    public static AnthropicStreamEvent Parse(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> data)
    {
        // The JSON reader proves it of what becomes a string only, not of what is copied.
        if (!Utf8.IsValid(data)) throw new UpstreamFormatException("An event of the stream is not UTF-8.");
        var parsed = new AnthropicStreamEvent { Type = EventType(eventName) };
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
        if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            Type = EventType(Name(ref reader));
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var index))
                throw new UpstreamFormatException("A block's index is not an integer.");
            Index = index;
        }
        else if (reader.ValueTextEquals("delta"u8)) ReadDelta(ref reader);
        else if (reader.ValueTextEquals("message"u8)) Message = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("content_block"u8)) Block = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("usage"u8)) Usage = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("error"u8)) Error = JsonElement.ParseValue(ref reader);
        else reader.Skip();
    }

    private void ReadDelta(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                DeltaType = DeltaTypeOf(Name(ref reader));
            }
            else if (IsText(ref reader))
            {
                reader.Read();
                DeltaText = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                StopReason = Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_sequence"u8))
            {
                reader.Read();
                StopSequence = Text(ref reader);
            }
            else if (reader.ValueTextEquals("citation"u8)) Citation = JsonElement.ParseValue(ref reader);
            else reader.Skip();
        }
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("partial_json"u8)
        || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("signature"u8);

    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw new UpstreamFormatException("A text of the stream is not a string."),
    };

    // names that we know need no escapes; an escaped one is an unknown one
    private static ReadOnlySpan<byte> Name(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.ValueSpan,
        _ => throw new UpstreamFormatException("A type in the stream is not a string."),
    };

    private static AnthropicEventType EventType(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("content_block_delta"u8)) return AnthropicEventType.BlockDelta;
        if (name.SequenceEqual("content_block_start"u8)) return AnthropicEventType.BlockStart;
        if (name.SequenceEqual("content_block_stop"u8)) return AnthropicEventType.BlockStop;
        if (name.SequenceEqual("message_start"u8)) return AnthropicEventType.MessageStart;
        if (name.SequenceEqual("message_delta"u8)) return AnthropicEventType.MessageDelta;
        if (name.SequenceEqual("message_stop"u8)) return AnthropicEventType.MessageStop;
        return name.SequenceEqual("error"u8) ? AnthropicEventType.Error : AnthropicEventType.Unknown;
    }

    private static AnthropicDeltaType DeltaTypeOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("text_delta"u8)) return AnthropicDeltaType.Text;
        if (name.SequenceEqual("input_json_delta"u8)) return AnthropicDeltaType.Json;
        if (name.SequenceEqual("thinking_delta"u8)) return AnthropicDeltaType.Thinking;
        if (name.SequenceEqual("signature_delta"u8)) return AnthropicDeltaType.Signature;
        return name.SequenceEqual("citations_delta"u8) ? AnthropicDeltaType.Citation : AnthropicDeltaType.Unknown;
    }
}
