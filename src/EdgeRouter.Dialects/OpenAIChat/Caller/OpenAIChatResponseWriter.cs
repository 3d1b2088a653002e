using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>Writes a whole answer in OpenRouter's shape.</summary>
internal static class OpenAIChatResponseWriter
{
    /// <summary>Writes the body.</summary>
    public static void Write(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        OpenAIChatMessageLayout.OpenAnswer(header, response.SystemFingerprint, response.ServiceTier, output);
        for (var i = 0; i < response.Choices.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            WriteChoice(response.Choices[i], header.ExcludeReasoning, output);
        }
        output.Write("]"u8);
        WriteExtensions(response.Extensions, output);
        OpenAIChatMessageLayout.CloseAnswer(usage, output);
    }

    private static void WriteChoice(ChatChoice choice, bool excludeReasoning, IBufferWriter<byte> output)
    {
        var message = choice.Message;
        OpenAIChatMessageLayout.Open(choice.Index, TextOf(message), message.Refusal, excludeReasoning ? null : ReasoningOf(message), output);
        if (!excludeReasoning) WriteReasoningDetails(message, output);
        for (var i = 0; i < message.ToolCalls.Count; i++)
        {
            var call = message.ToolCalls[i];
            OpenAIChatMessageLayout.WriteToolCall(i == 0, call.Id, call.Name, call.Arguments, output);
        }
        if (message.ToolCalls.Count > 0) OpenAIChatMessageLayout.CloseToolCalls(output);
        WriteImages(message.Content, output);
        WriteExtensions(message.Extensions, output);
        OpenAIChatMessageLayout.Close(choice.FinishReason, choice.NativeFinishReason, choice.Logprobs, output);
    }

    /// <summary>All text as one; null when the message has no text part.</summary>
    private static string? TextOf(ChatMessage message)
    {
        string? text = null;
        foreach (var part in message.Content)
            if (part is TextPart { Text: var piece }) text = text is null ? piece : text + piece;
        return text;
    }

    /// <summary>The plain form; made of the structured one where only that exists.</summary>
    private static string? ReasoningOf(ChatMessage message)
    {
        if (message.Reasoning is not null) return message.Reasoning;
        string? text = null;
        foreach (var detail in message.ReasoningDetails) text = text is null ? detail.Text : text + detail.Text;
        return text;
    }

    private static void WriteReasoningDetails(ChatMessage message, IBufferWriter<byte> output)
    {
        var isFirst = true;
        if (message is { Reasoning: { } plain, ReasoningDetails.Count: 0 })
        {
            Open();
            OpenAIChatReasoningDetails.WritePlain(plain, output);
        }
        foreach (var detail in message.ReasoningDetails) Write(detail);
        foreach (var call in message.ToolCalls)
            if (call.Signature is not null) Write(OpenAIChatReasoningDetails.OfToolCallSignature(call.Id, call.Signature));
        if (!isFirst) output.Write("]"u8);

        void Write(ReasoningDetail detail)
        {
            Open();
            OpenAIChatReasoningDetails.Write(detail, output);
        }

        void Open()
        {
            output.Write(isFirst ? ",\"reasoning_details\":["u8 : ","u8);
            isFirst = false;
        }
    }

    private static void WriteImages(IReadOnlyList<ContentPart> content, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var part in content)
        {
            if (part is not ImagePart image) continue;
            output.Write(isFirst ? ",\"images\":["u8 : ","u8);
            isFirst = false;
            OpenAIChatChunkLayout.WriteImageObject(image, output);
        }
        if (!isFirst) output.Write("]"u8);
    }

    private static void WriteExtensions(IReadOnlyDictionary<string, JsonElement> extensions, IBufferWriter<byte> output)
    {
        foreach (var (name, value) in extensions)
        {
            output.Write(","u8);
            ((JsonText)name).WriteValue(output);
            output.Write(":"u8);
            JsonBytes.Write(value, output);
        }
    }
}
