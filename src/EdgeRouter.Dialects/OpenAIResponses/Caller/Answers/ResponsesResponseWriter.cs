using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>
/// Writes a whole answer: one response, each part an item or a part of one, in their order. This API has one choice: further ones are left out.
/// </summary>
internal static class ResponsesResponseWriter
{
    /// <summary>Writes the body.</summary>
    public static void Write(ChatResponse response, AnswerHeader header, ResponsesAsked asked, UsageReport usage, IBufferWriter<byte> output)
    {
        var choice = response.Choices.Count > 0 ? response.Choices[0] : null;
        var items = new ResponsesOutput(header, asked, ResponsesEvents.Untold);
        var content = choice?.Message.Content ?? [];
        for (var i = 0; i < content.Count; i++) Add(content[i], i, choice!, items);
        var status = ResponsesStatus.Of(choice?.FinishReason, items.Refuses);
        items.Complete(status);
        var error = status == ResponsesStatus.Failed ? ResponsesStatus.BrokenOff : null;
        new ResponsesObject(header, asked).Write(status, items.Items, error, usage, response.ServiceTier, output);
    }

    private static void Add(ContentPart part, int index, ChatChoice choice, ResponsesOutput items)
    {
        switch (part)
        {
            case TextPart text:
                items.Add(new PartStarted(0, index, TextPart.Empty));
                items.Add(new TextDelta(0, index, text.Text) { Logprobs = choice.Message.Content.Count<TextPart>(index) == 0 ? choice.Logprobs : null });
                items.Add(new PartEnded(0, index));
                break;
            case RefusalPart refusal:
                items.Add(new PartStarted(0, index, RefusalPart.Empty));
                items.Add(new RefusalDelta(0, index, refusal.Text));
                items.Add(new PartEnded(0, index));
                break;
            case ToolCallPart:
                items.Add(new PartStarted(0, index, part));
                items.Add(new PartEnded(0, index));
                break;
            case CitationPart citation: items.Add(new CitationsAdded(0, index, [citation])); break;
            default: items.Add(new PartAdded(0, index, part)); break;
        }
    }
}
