using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Streaming;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.PassThrough;

/// <summary>A delta of text, thought or arguments, which most events of a stream are, found without making a string.</summary>
/// <param name="Index">The provider's number of the block.</param>
/// <param name="Type">Text, thought or arguments.</param>
/// <param name="Text">Where the text is; not empty.</param>
internal readonly record struct MessagesCopiedDelta(int Index, AnthropicDeltaType Type, JsonRange Text)
{
    /// <summary>Finds it; null: the event is another one, or has something that must be looked at closely.</summary>
    public static MessagesCopiedDelta? Find(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            return Read(ref reader) is { Text.HasContent: true } found && IsPlain(found.Text.In(data)) ? found : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON, or a name with half of a character: the slow path says whether it matters.
            return null;
        }
    }

    private static MessagesCopiedDelta? Read(ref Utf8JsonReader reader)
    {
        var (isDelta, index, type, text) = (false, -1, AnthropicDeltaType.Unknown, default(JsonRange));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isDelta = reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual("content_block_delta"u8);
                if (!isDelta) return null;
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out index)) return null;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                if (!ReadDelta(ref reader, ref type, ref text)) return null;
            }
            else reader.Skip();
        }
        reader.Read(); // finds anything after the object
        return isDelta && index >= 0 && type != AnthropicDeltaType.Unknown ? new MessagesCopiedDelta(index, type, text) : null;
    }

    private static bool ReadDelta(ref Utf8JsonReader reader, ref AnthropicDeltaType type, ref JsonRange text)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = TypeOf(ref reader);
                if (type == AnthropicDeltaType.Unknown) return false;
                continue;
            }
            if (!reader.ValueTextEquals("text"u8) && !reader.ValueTextEquals("partial_json"u8) && !reader.ValueTextEquals("thinking"u8)) return false;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || text.IsPresent) return false;
            text = JsonRange.OfString(ref reader, 0);
        }
        return true;
    }

    private static AnthropicDeltaType TypeOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return AnthropicDeltaType.Unknown;
        if (reader.ValueSpan.SequenceEqual("text_delta"u8)) return AnthropicDeltaType.Text;
        if (reader.ValueSpan.SequenceEqual("input_json_delta"u8)) return AnthropicDeltaType.Json;
        return reader.ValueSpan.SequenceEqual("thinking_delta"u8) ? AnthropicDeltaType.Thinking : AnthropicDeltaType.Unknown;
    }

    /// <summary>Whether it is proven to be text: an escape of a code unit could be half of a character.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> raw) => raw.IndexOf("\\u"u8) < 0 && Utf8.IsValid(raw);
}
