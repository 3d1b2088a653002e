using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>Entries of <c>reasoning_details</c> as bytes.</summary>
internal static class OpenAIChatReasoningDetails
{
    /// <summary>Reads one entry, a JSON object. A type that is not known is kept whole.</summary>
    public static ReasoningPart Read(ReadOnlySpan<byte> json)
    {
        JsonRange type = default, text = default, summary = default, data = default, signature = default, id = default, format = default;
        int? index = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) Take(ref reader, ref type);
            else if (reader.ValueTextEquals("text"u8)) Take(ref reader, ref text);
            else if (reader.ValueTextEquals("summary"u8)) Take(ref reader, ref summary);
            else if (reader.ValueTextEquals("data"u8)) Take(ref reader, ref data);
            else if (reader.ValueTextEquals("signature"u8)) Take(ref reader, ref signature);
            else if (reader.ValueTextEquals("id"u8)) Take(ref reader, ref id);
            else if (reader.ValueTextEquals("format"u8)) Take(ref reader, ref format);
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var position)) index = position;
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        ReasoningKind kind;
        switch (type.TextIn(json))
        {
            case "reasoning.text": kind = ReasoningKind.Text; break;
            case "reasoning.summary": (kind, text) = (ReasoningKind.Summary, summary); break;
            case "reasoning.encrypted": (kind, text) = (ReasoningKind.Encrypted, default); break;
            default: return new ReasoningPart(ReasoningKind.Other) { Json = JsonElement.Parse(json) };
        }
        return new ReasoningPart(kind)
        {
            Text = text.TextIn(json),
            Signature = signature.TextIn(json),
            Data = data.TextIn(json),
            Id = id.TextIn(json),
            Format = format.TextIn(json),
            Index = index,
        };
    }

    /// <summary>Writes one entry. Members that are null are left out, unless the type requires them.</summary>
    public static void Write(ReasoningPart detail, IBufferWriter<byte> output)
    {
        switch (detail.Kind)
        {
            case ReasoningKind.Text:
                output.Write("{\"type\":\"reasoning.text\",\"text\":"u8);
                ((JsonText)(detail.Text ?? "")).WriteValue(output);
                break;
            case ReasoningKind.Summary:
                output.Write("{\"type\":\"reasoning.summary\",\"summary\":"u8);
                ((JsonText)(detail.Text ?? "")).WriteValue(output);
                break;
            case ReasoningKind.Encrypted:
                output.Write("{\"type\":\"reasoning.encrypted\",\"data\":"u8);
                ((JsonText)(detail.Data ?? "")).WriteValue(output);
                break;
            default:
                if (detail.Json is { } json) JsonBytes.Write(json, output);
                else output.Write("{}"u8);
                return;
        }
        WriteMember(",\"signature\":"u8, detail.Signature, output);
        WriteMember(",\"id\":"u8, detail.Id, output);
        WriteMember(",\"format\":"u8, detail.Format, output);
        if (detail.Index is { } index)
        {
            output.Write(",\"index\":"u8);
            JsonBytes.Write(index, output);
        }
        output.Write("}"u8);
    }

    /// <summary>
    /// Writes the entry for reasoning that the provider sent as plain text only. Clients show and return <c>reasoning_details</c>, and some read
    /// nothing else, so that all reasoning has them.
    /// </summary>
    public static void WritePlain(JsonText text, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"reasoning.text\",\"text\":"u8);
        text.WriteValue(output);
        output.Write(",\"format\":\"unknown\",\"index\":0}"u8);
    }

    /// <summary>
    /// The entry that carries a signature over a tool call. Clients return <c>reasoning_details</c> unread, but drop what they do not know in
    /// <c>tool_calls</c>. Its id is the call's, so that the request reader finds the call again.
    /// </summary>
    public static ReasoningPart OfToolCallSignature(string? toolCallId, string signature) => new(ReasoningKind.Encrypted)
    {
        Data = signature,
        Id = toolCallId,
        Format = ReasoningFormats.Gemini,
    };

    private static void Take(ref Utf8JsonReader reader, ref JsonRange range)
    {
        reader.Read();
        range = JsonRange.OfStringOrNone(ref reader, 0);
    }

    private static void WriteMember(ReadOnlySpan<byte> name, string? value, IBufferWriter<byte> output)
    {
        if (value is null) return;
        output.Write(name);
        ((JsonText)value).WriteValue(output);
    }
}
