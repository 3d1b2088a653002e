using System.Text.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Streaming;

/// <summary>What a delta is; the others are <see cref="Unknown"/> and skipped.</summary>
internal enum ConverseDelta { Unknown, Text, ToolInput, Thought, Signature, Redacted, Citation }

/// <summary>The members of one event, found in one pass whatever their order. Only rare ones are parsed to elements; deltas cost one string.</summary>
internal struct ConverseStreamEvent
{
    public int? Index;
    public ConverseDelta Delta;
    public string? Text;
    public string? StopReason;
    public JsonElement Start;
    public JsonElement Citation;
    public JsonElement Usage;

    /// <exception cref="UpstreamFormatException">Not a JSON object, or a member of the wrong type.</exception>
    public static ConverseStreamEvent Parse(ReadOnlySpan<byte> data)
    {
        var parsed = default(ConverseStreamEvent);
        try
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("An event of the stream is no JSON object.");
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
        if (reader.ValueTextEquals("delta"u8)) ReadDelta(ref reader);
        else if (reader.ValueTextEquals("contentBlockIndex"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var index))
                throw new UpstreamFormatException("A block's index is not an integer.");
            Index = index;
        }
        else if (reader.ValueTextEquals("stopReason"u8)) StopReason = ReadText(ref reader);
        else if (reader.ValueTextEquals("start"u8)) Start = JsonElement.ParseValue(ref reader);
        else if (reader.ValueTextEquals("usage"u8)) Usage = JsonElement.ParseValue(ref reader);
        else reader.Skip();
    }

    private void ReadDelta(ref Utf8JsonReader reader)
    {
        if (!BeginsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) Take(ConverseDelta.Text, ref reader);
            else if (reader.ValueTextEquals("toolUse"u8)) ReadToolUse(ref reader);
            else if (reader.ValueTextEquals("reasoningContent"u8)) ReadReasoning(ref reader);
            else if (reader.ValueTextEquals("citation"u8))
            {
                Delta = ConverseDelta.Citation;
                Citation = JsonElement.ParseValue(ref reader);
            }
            else reader.Skip();
        }
    }

    private void ReadToolUse(ref Utf8JsonReader reader)
    {
        if (!BeginsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input"u8)) Take(ConverseDelta.ToolInput, ref reader);
            else reader.Skip();
        }
    }

    private void ReadReasoning(ref Utf8JsonReader reader)
    {
        if (!BeginsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) Take(ConverseDelta.Thought, ref reader);
            else if (reader.ValueTextEquals("signature"u8)) Take(ConverseDelta.Signature, ref reader);
            else if (reader.ValueTextEquals("redactedContent"u8)) Take(ConverseDelta.Redacted, ref reader);
            else reader.Skip();
        }
    }

    private void Take(ConverseDelta kind, ref Utf8JsonReader reader)
    {
        if (ReadText(ref reader) is not { } text) return;
        Delta = kind;
        Text = text;
    }

    private static bool BeginsObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Null => null,
            _ => throw new UpstreamFormatException("A text of the stream is not a string."),
        };
    }
}
