using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>
/// What a choice of a whole answer looks like. The canonical writer and the fast path call the same methods in the same
/// order: open, text members, tool calls, further members, close.
/// </summary>
internal static class OpenAIChatMessageLayout
{
    /// <summary>Opens a choice and its message, and writes the members of text. Content and refusal may be null; null reasoning is left out.</summary>
    public static void Open(int index, JsonText content, JsonText refusal, JsonText reasoning, IBufferWriter<byte> output)
    {
        output.Write("{\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
        content.WriteValue(output);
        output.Write(",\"refusal\":"u8);
        refusal.WriteValue(output);
        if (reasoning.IsNull) return;
        output.Write(",\"reasoning\":"u8);
        reasoning.WriteValue(output);
    }

    /// <summary>Writes one tool call; the first opens the list. Call <see cref="CloseToolCalls"/> after the last.</summary>
    public static void WriteToolCall(bool isFirst, JsonText id, JsonText name, JsonText arguments, IBufferWriter<byte> output)
    {
        output.Write(isFirst ? ",\"tool_calls\":[{\"id\":"u8 : ",{\"id\":"u8);
        id.WriteValue(output);
        output.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
        name.WriteValue(output);
        output.Write(",\"arguments\":"u8);
        arguments.WriteValue(output);
        output.Write("}}"u8);
    }

    /// <summary>Ends the list of tool calls.</summary>
    public static void CloseToolCalls(IBufferWriter<byte> output) => output.Write("]"u8);

    /// <summary>Ends message and choice. Without a reason it is null: nothing is invented.</summary>
    public static void Close(FinishReason? reason, JsonText native, JsonElement? logprobs, IBufferWriter<byte> output)
    {
        output.Write("},\"finish_reason\":"u8);
        if (reason is { } known)
        {
            output.Write("\""u8);
            output.Write(OpenAIChatFinishReasons.Word(known));
            output.Write("\""u8);
        }
        else output.Write("null"u8);
        output.Write(",\"native_finish_reason\":"u8);
        native.WriteValue(output);
        output.Write(",\"logprobs\":"u8);
        if (logprobs is { } value) JsonBytes.Write(value, output);
        else output.Write("null"u8);
        output.Write("}"u8);
    }

    /// <summary>Opens the answer up to its choices.</summary>
    public static void OpenAnswer(AnswerHeader header, JsonText fingerprint, string? serviceTier, IBufferWriter<byte> output)
    {
        OpenAIChatAnswerHead.Write(header, "chat.completion"u8, output);
        OpenAIChatAnswerHead.WriteFingerprint(fingerprint, output);
        OpenAIChatAnswerHead.WriteServiceTier(serviceTier, output);
        output.Write(",\"choices\":["u8);
    }

    /// <summary>Ends the answer; unknown usage is left out.</summary>
    public static void CloseAnswer(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!usage.Usage.IsUnknown)
        {
            output.Write(",\"usage\":"u8);
            OpenAIChatUsageWriter.Write(usage, output);
        }
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }
}
