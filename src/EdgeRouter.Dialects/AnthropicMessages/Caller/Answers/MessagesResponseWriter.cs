using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>
/// Writes a whole answer: one message, each part a block in their order; citations belong to the text before them. This API has one choice, so that further
/// ones are left out.
/// </summary>
internal sealed class MessagesResponseWriter
{
    private readonly IBufferWriter<byte> output;
    private bool hasBlocks;

    private MessagesResponseWriter(IBufferWriter<byte> output) => this.output = output;

    /// <summary>Writes the body.</summary>
    public static void Write(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        var choice = response.Choices.Count > 0 ? response.Choices[0] : null;
        var content = choice?.Message.Content ?? [];
        MessagesBlockLayout.OpenMessage(header, output);
        new MessagesResponseWriter(output).WriteBlocks(content, header.ExcludeReasoning);
        var reason = MessagesStopReasons.Of(choice?.FinishReason, choice?.NativeFinishReason, content.Has<ToolCallPart>(), content.Has<RefusalPart>());
        MessagesBlockLayout.CloseContent(reason, choice?.StopSequence, output);
        MessagesUsageWriter.Write(usage, response.ServiceTier, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    /// <summary>An image that the model made, which this API has no block for.</summary>
    public static string TextOf(ImagePart image) => $"![image]({image.Url})";

    private void WriteBlocks(IReadOnlyList<ContentPart> content, bool hidesThoughts)
    {
        for (var i = 0; i < content.Count; i++)
        {
            switch (content[i])
            {
                case TextPart text: i = WriteText(text.Text, content, i); break;
                case RefusalPart refusal: i = WriteText(refusal.Text, content, i); break;
                case ImagePart image: i = WriteText(TextOf(image), content, i); break;
                case CitationPart: i = WriteText("", content, i - 1); break;
                case ReasoningPart reasoning: WriteThought(MessagesThought.Of(reasoning, hidesThoughts)); break;
                case ToolCallPart call: WriteCall(call); break;
            }
        }
    }

    /// <summary>Writes a text with the citations behind it; an empty one without any is left out.</summary>
    /// <returns>Index of the last part written.</returns>
    private int WriteText(string text, IReadOnlyList<ContentPart> content, int index)
    {
        var isCited = index + 1 < content.Count && content[index + 1] is CitationPart;
        if (text.Length == 0 && !isCited) return index;
        Next();
        MessagesBlockLayout.OpenText(text, isCited, output);
        if (!isCited) return index;
        for (var isFirst = true; index + 1 < content.Count && content[index + 1] is CitationPart citation; isFirst = false, index++)
        {
            if (!isFirst) output.Write(","u8);
            MessagesBlockLayout.WriteCitation(citation, output);
        }
        output.Write("]}"u8);
        return index;
    }

    private void WriteThought(MessagesThought thought)
    {
        if (thought.Text is { } text)
        {
            Next();
            MessagesBlockLayout.WriteThinking(text, thought.Signature, output);
        }
        if (thought.Data is { } data)
        {
            Next();
            MessagesBlockLayout.WriteRedacted(data, output);
        }
    }

    private void WriteCall(ToolCallPart call)
    {
        Next();
        MessagesBlockLayout.WriteToolUse(call.Id, call.Name, call.Arguments, output);
        if (call.Signature is not { Length: > 0 } signature) return;
        Next();
        MessagesBlockLayout.WriteRedacted(MessagesThought.OfCall(call.Id, signature), output);
    }

    private void Next()
    {
        if (hasBlocks) output.Write(","u8);
        hasBlocks = true;
    }
}
