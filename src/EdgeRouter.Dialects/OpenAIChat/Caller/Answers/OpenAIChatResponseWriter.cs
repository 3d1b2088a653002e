using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>
/// Writes a whole answer in OpenRouter's shape. It has a member for each kind of part and no order between them: parts of one kind are joined or listed
/// in their order.
/// </summary>
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
        var content = choice.Message.Content;
        OpenAIChatMessageLayout.Open(choice.Index, content.JoinText(), JoinRefusals(content), excludeReasoning ? null : JoinReasoning(content), output);
        if (!excludeReasoning) WriteReasoningDetails(content, output);
        WriteToolCalls(content, output);
        WriteImages(content, output);
        WriteCitations(content, output);
        WriteExtensions(choice.Message.Extensions, output);
        OpenAIChatMessageLayout.Close(choice.FinishReason, choice.NativeFinishReason, choice.Logprobs, output);
    }

    private static string? JoinRefusals(IReadOnlyList<ContentPart> content)
    {
        var text = default(JoinedText);
        foreach (var part in content.Of<RefusalPart>()) text.Add(part.Text);
        return text.Value;
    }

    /// <summary>The plain form; made of the structured one where only that exists.</summary>
    private static string? JoinReasoning(IReadOnlyList<ContentPart> content)
    {
        JoinedText plain = default, blocks = default;
        foreach (var part in content.Of<ReasoningPart>())
        {
            plain.Add(part.Kind == ReasoningKind.Plain ? part.Text : part.Readable);
            if (part.Kind != ReasoningKind.Plain) blocks.Add(part.Text);
        }
        return plain.Value ?? blocks.Value;
    }

    private static void WriteReasoningDetails(IReadOnlyList<ContentPart> content, IBufferWriter<byte> output)
    {
        var count = 0;
        var plain = default(JoinedText);
        foreach (var part in content.Of<ReasoningPart>())
        {
            if (part.Kind == ReasoningKind.Plain) plain.Add(part.Text);
            else WriteDetail(count++, part, output);
        }
        if (count == 0 && plain.Value is { } text)
        {
            output.Write(",\"reasoning_details\":["u8);
            OpenAIChatReasoningDetails.WritePlain(text, output);
            count++;
        }
        foreach (var call in content.Of<ToolCallPart>())
            if (call.Signature is not null) WriteDetail(count++, OpenAIChatReasoningDetails.OfToolCallSignature(call.Id, call.Signature), output);
        if (count > 0) output.Write("]"u8);
    }

    private static void WriteDetail(int position, ReasoningPart block, IBufferWriter<byte> output)
    {
        output.Write(position == 0 ? ",\"reasoning_details\":["u8 : ","u8);
        OpenAIChatReasoningDetails.Write(block, output);
    }

    private static void WriteToolCalls(IReadOnlyList<ContentPart> content, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var call in content.Of<ToolCallPart>())
        {
            OpenAIChatMessageLayout.WriteToolCall(isFirst, call.Id, call.Name, call.Arguments, output);
            isFirst = false;
        }
        if (!isFirst) OpenAIChatMessageLayout.CloseToolCalls(output);
    }

    private static void WriteImages(IReadOnlyList<ContentPart> content, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var image in content.Of<ImagePart>())
        {
            output.Write(isFirst ? ",\"images\":["u8 : ","u8);
            isFirst = false;
            OpenAIChatImages.Write(image, output);
        }
        if (!isFirst) output.Write("]"u8);
    }

    private static void WriteCitations(IReadOnlyList<ContentPart> content, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var citation in content.Of<CitationPart>())
        {
            output.Write(isFirst ? ",\"annotations\":["u8 : ","u8);
            isFirst = false;
            OpenAIChatAnnotations.Write(citation, output);
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
