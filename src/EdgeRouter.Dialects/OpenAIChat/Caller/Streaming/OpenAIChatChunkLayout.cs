using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;

/// <summary>
/// What chunks of a stream look like: one fixed order of members, one chunk for each event. Both the canonical
/// writer and the fast path write through it. What is the same in every chunk is composed once.
/// </summary>
internal sealed class OpenAIChatChunkLayout(AnswerHeader header)
{
    // Composed at the first chunk: most providers give the head before it.
    private byte[]? opening;

    /// <summary>Puts the provider's fingerprint and service tier into all chunks from here on.</summary>
    public void SetHead(string? fingerprint, string? serviceTier) => opening = ComposeOpening(fingerprint, serviceTier);

    /// <summary>The first chunk of a choice.</summary>
    public void WriteRole(int choice, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"role\":\"assistant\",\"content\":\"\""u8);
        End(output);
    }

    /// <summary>Text, with its log probabilities if there are any.</summary>
    public void WriteText(int choice, JsonText text, JsonElement? logprobs, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"content\":"u8);
        text.WriteValue(output);
        if (logprobs is not { } value)
        {
            End(output);
            return;
        }
        output.Write("},\"finish_reason\":null,\"native_finish_reason\":null,\"logprobs\":"u8);
        JsonBytes.Write(value, output);
        output.Write("}]}\n\n"u8);
    }

    /// <summary>A piece of reasoning: its plain text, its structured form, or both. Text alone is given the simplest structured form.</summary>
    public void WriteReasoning(int choice, JsonText text, ReasoningPart? detail, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        if (!text.IsNull)
        {
            output.Write("\"reasoning\":"u8);
            text.WriteValue(output);
        }
        output.Write(text.IsNull ? "\"reasoning_details\":["u8 : ",\"reasoning_details\":["u8);
        if (detail is not null) OpenAIChatReasoningDetails.Write(detail, output);
        else OpenAIChatReasoningDetails.WritePlain(text, output);
        output.Write("]"u8);
        End(output);
    }

    /// <summary>Refusal text.</summary>
    public void WriteRefusal(int choice, JsonText text, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"refusal\":"u8);
        text.WriteValue(output);
        End(output);
    }

    /// <summary>A piece of a tool call. Id and name are null after the call's first piece; arguments may be.</summary>
    public void WriteToolCall(int choice, int index, JsonText id, JsonText name, JsonText arguments, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"tool_calls\":[{\"index\":"u8);
        JsonBytes.Write(index, output);
        if (!id.IsNull)
        {
            output.Write(",\"id\":"u8);
            id.WriteValue(output);
        }
        output.Write(",\"type\":\"function\",\"function\":{"u8);
        if (!name.IsNull)
        {
            output.Write("\"name\":"u8);
            name.WriteValue(output);
        }
        // Clients join arguments from the first piece on, so it has some even if the provider's has not.
        if (arguments.IsNull && !id.IsNull) arguments = "";
        if (!arguments.IsNull)
        {
            output.Write(name.IsNull ? "\"arguments\":"u8 : ",\"arguments\":"u8);
            arguments.WriteValue(output);
        }
        output.Write("}}]"u8);
        End(output);
    }

    /// <summary>A generated image.</summary>
    public void WriteImage(int choice, ImagePart image, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"images\":["u8);
        OpenAIChatImages.Write(image, output);
        output.Write("]"u8);
        End(output);
    }

    /// <summary>Citations.</summary>
    public void WriteCitations(int choice, IReadOnlyList<CitationPart> citations, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("\"annotations\":"u8);
        OpenAIChatAnnotations.Write(citations, output);
        End(output);
    }

    /// <summary>Any further member: of a delta, or, without a choice, of the chunk.</summary>
    public void WriteExtension(int? choice, string name, JsonElement value, IBufferWriter<byte> output)
    {
        if (choice is { } index) Begin(index, output);
        else
        {
            output.Write(Opening);
            output.Write("],"u8);
        }
        ((JsonText)name).WriteValue(output);
        output.Write(":"u8);
        JsonBytes.Write(value, output);
        if (choice is not null) End(output);
        else output.Write("}\n\n"u8);
    }

    /// <summary>The last chunk of a choice.</summary>
    public void WriteFinish(int choice, FinishReason reason, JsonText native, IBufferWriter<byte> output)
    {
        Begin(choice, output);
        output.Write("},\"finish_reason\":\""u8);
        output.Write(OpenAIChatFinishReasons.Word(reason));
        output.Write("\",\"native_finish_reason\":"u8);
        native.WriteValue(output);
        output.Write(",\"logprobs\":null}]}\n\n"u8);
    }

    /// <summary>The last chunk of a good stream, and its terminator. Unknown usage is left out.</summary>
    public void WriteEnd(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!usage.Usage.IsUnknown || usage.RouterMetadata is not null)
        {
            output.Write(Opening);
            output.Write("]"u8);
            WriteReport(usage, output);
            output.Write("}\n\n"u8);
        }
        output.Write(SseWriter.Done);
    }

    /// <summary>The last chunk of a broken stream; no terminator follows, so that no client takes it for a whole answer.</summary>
    public void WriteFailure(RouterError error, UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write(Opening);
        output.Write("{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\",\"native_finish_reason\":null,\"logprobs\":null}],\"error\":"u8);
        OpenAIChatErrorWriter.WriteObject(error, output);
        WriteReport(usage, output);
        output.Write("}\n\n"u8);
    }

    private void Begin(int choice, IBufferWriter<byte> output)
    {
        output.Write(Opening);
        output.Write("{\"index\":"u8);
        JsonBytes.Write(choice, output);
        output.Write(",\"delta\":{"u8);
    }

    private static void WriteReport(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!usage.Usage.IsUnknown)
        {
            output.Write(",\"usage\":"u8);
            OpenAIChatUsageWriter.Write(usage, output);
        }
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
    }

    private static void End(IBufferWriter<byte> output) => output.Write("},\"finish_reason\":null,\"native_finish_reason\":null,\"logprobs\":null}]}\n\n"u8);

    private byte[] Opening => opening ??= ComposeOpening(null, null);

    private byte[] ComposeOpening(string? fingerprint, string? serviceTier)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write(SseWriter.DataPrefix);
        OpenAIChatAnswerHead.Write(header, "chat.completion.chunk"u8, output);
        // The SDK's chunk permits no null here, unlike its whole answer.
        if (fingerprint is not null) OpenAIChatAnswerHead.WriteFingerprint(fingerprint, output);
        OpenAIChatAnswerHead.WriteServiceTier(serviceTier, output);
        output.Write(",\"choices\":["u8);
        return output.WrittenSpan.ToArray();
    }
}
