using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>What messages and content blocks look like, in whole answers and in streams.</summary>
internal static class MessagesBlockLayout
{
    /// <summary>Opens a message up to its content.</summary>
    public static void OpenMessage(AnswerHeader header, IBufferWriter<byte> output)
    {
        output.Write("{\"id\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"type\":\"message\",\"role\":\"assistant\",\"model\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
        output.Write(",\"content\":["u8);
    }

    /// <summary>Ends the content, and writes why the message ended; null: it has not.</summary>
    public static void CloseContent(string? stopReason, JsonText stopSequence, IBufferWriter<byte> output)
    {
        output.Write("],\"container\":null,"u8);
        WriteStop(stopReason, stopSequence, output);
        output.Write(",\"usage\":"u8);
    }

    /// <summary>Writes the members about the end.</summary>
    public static void WriteStop(string? stopReason, JsonText stopSequence, IBufferWriter<byte> output)
    {
        output.Write("\"stop_reason\":"u8);
        ((JsonText)stopReason).WriteValue(output);
        output.Write(",\"stop_sequence\":"u8);
        stopSequence.WriteValue(output);
        output.Write(",\"stop_details\":null"u8);
    }

    /// <summary>A text; its citations are written by <see cref="WriteCitation"/>.</summary>
    public static void OpenText(JsonText text, bool isCited, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"text\",\"text\":"u8);
        text.WriteValue(output);
        output.Write(isCited ? ",\"citations\":["u8 : ",\"citations\":null}"u8);
    }

    /// <summary>A web page that a text cites.</summary>
    public static void WriteCitation(CitationPart citation, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"web_search_result_location\",\"url\":"u8);
        ((JsonText)citation.Url).WriteValue(output);
        output.Write(",\"title\":"u8);
        ((JsonText)citation.Title).WriteValue(output);
        output.Write(",\"cited_text\":"u8);
        ((JsonText)(citation.Content ?? "")).WriteValue(output);
        output.Write(",\"encrypted_index\":\"\"}"u8);
    }

    /// <summary>A thought.</summary>
    public static void WriteThinking(JsonText text, JsonText signature, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"thinking\",\"thinking\":"u8);
        text.WriteValue(output);
        output.Write(",\"signature\":"u8);
        signature.WriteValue(output);
        output.Write("}"u8);
    }

    /// <summary>An opaque thought.</summary>
    public static void WriteRedacted(JsonText data, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"redacted_thinking\",\"data\":"u8);
        data.WriteValue(output);
        output.Write("}"u8);
    }

    /// <summary>A call of a tool.</summary>
    public static void WriteToolUse(JsonText id, JsonText name, string arguments, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"tool_use\",\"id\":"u8);
        id.WriteValue(output);
        output.Write(",\"name\":"u8);
        name.WriteValue(output);
        output.Write(",\"input\":"u8);
        WriteInput(arguments, output);
        output.Write(",\"caller\":{\"type\":\"direct\"}}"u8);
    }

    // What is no object is kept as Anthropic's documentation suggests for broken arguments.
    private static void WriteInput(string arguments, IBufferWriter<byte> output)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            output.Write("{}"u8);
            return;
        }
        try
        {
            var input = JsonElement.Parse(arguments);
            if (input.ValueKind == JsonValueKind.Object)
            {
                JsonBytes.Write(input, output);
                return;
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // not JSON, or (the latter) not valid UTF-16
        }
        output.Write("{\"INVALID_JSON\":"u8);
        ((JsonText)arguments).WriteValue(output);
        output.Write("}"u8);
    }
}
