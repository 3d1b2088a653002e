using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.Completions.Caller.Answers;

/// <summary>What the chunks of a completion stream look like. What is the same in every chunk is composed once. Not thread-safe.</summary>
internal sealed class CompletionChunkLayout(AnswerHeader header)
{
    // Composed at the first chunk: most providers give the head before it.
    private byte[]? opening;

    /// <summary>Puts the provider's fingerprint into all chunks from here on.</summary>
    public void SetFingerprint(string? fingerprint) => opening = ComposeOpening(fingerprint);

    /// <summary>A piece of text, an end, or both.</summary>
    public void WriteChoice(int index, JsonText text, ReadOnlySpan<byte> logprobs, FinishReason? finish, JsonText native, IBufferWriter<byte> output)
    {
        output.Write(Opening);
        CompletionChoiceLayout.Write(index, JsonText.Null, text, logprobs, finish, native, output);
        output.Write("]}\n\n"u8);
    }

    /// <summary>The last chunk of a good stream, and its terminator. Unknown usage is left out.</summary>
    public void WriteEnd(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!usage.Usage.IsUnknown || usage.RouterMetadata is not null)
        {
            output.Write(Opening);
            output.Write("]"u8);
            CompletionChoiceLayout.WriteReport(usage, output);
            output.Write("}\n\n"u8);
        }
        output.Write(SseWriter.Done);
    }

    /// <summary>The last chunk of a broken stream; no terminator follows.</summary>
    public void WriteFailure(RouterError error, UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write(Opening);
        CompletionChoiceLayout.Write(0, JsonText.Null, "", default, FinishReason.Error, JsonText.Null, output);
        output.Write("],\"error\":"u8);
        OpenAIChatErrorWriter.WriteObject(error, output);
        CompletionChoiceLayout.WriteReport(usage, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>A chunk with a provider's request body.</summary>
    public void WriteUpstreamBody(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        output.Write(Opening);
        output.Write("],\"debug\":{\"echo_upstream_body\":"u8);
        JsonBytes.WriteMinified(body, output);
        output.Write("}}\n\n"u8);
    }

    private byte[] Opening => opening ??= ComposeOpening(null);

    private byte[] ComposeOpening(string? fingerprint)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write(SseWriter.DataPrefix);
        OpenAIChatAnswerHead.Write(header, CompletionChoiceLayout.ObjectName, output);
        if (fingerprint is not null) OpenAIChatAnswerHead.WriteFingerprint(fingerprint, output);
        output.Write(",\"choices\":["u8);
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>What a choice looks like, in a chunk and in a whole answer.</summary>
internal static class CompletionChoiceLayout
{
    /// <summary>Value of <c>object</c>.</summary>
    public static ReadOnlySpan<byte> ObjectName => "text_completion"u8;

    /// <summary>
    /// Writes a choice: the prompt, if it is echoed, and the text. Without log probabilities they are null, and so is a reason that is not known.
    /// </summary>
    public static void Write(int index, JsonText echo, JsonText text, ReadOnlySpan<byte> logprobs, FinishReason? finish, JsonText native,
        IBufferWriter<byte> output)
    {
        output.Write("{\"text\":\""u8);
        if (!echo.IsNull) echo.WriteContent(output);
        if (!text.IsNull) text.WriteContent(output);
        output.Write("\",\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write(",\"logprobs\":"u8);
        if (logprobs.IsEmpty) output.Write("null"u8);
        else JsonBytes.WriteMinified(logprobs, output);
        output.Write(",\"finish_reason\":"u8);
        if (finish is { } reason)
        {
            output.Write("\""u8);
            output.Write(OpenAIChatFinishReasons.Word(reason));
            output.Write("\""u8);
        }
        else output.Write("null"u8);
        output.Write(",\"native_finish_reason\":"u8);
        native.WriteValue(output);
        output.Write("}"u8);
    }

    /// <summary>Writes the members after the choices. Unknown usage is left out.</summary>
    public static void WriteReport(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!usage.Usage.IsUnknown)
        {
            output.Write(",\"usage\":"u8);
            OpenAIChatUsageWriter.Write(usage, output);
        }
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
    }
}
