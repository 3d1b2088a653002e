using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>
/// The texts of a conversation that a model reads as tokens: what was said, thought, called and answered, and the tools. Media are not in it.
/// </summary>
internal static class ConversationTexts
{
    /// <summary>The texts, in order.</summary>
    public static IEnumerable<string> Of(ChatRequest request)
    {
        foreach (var tool in request.Tools)
        {
            yield return tool.Name;
            if (tool.Description is { } description) yield return description;
            if (tool.Parameters is { } parameters) yield return parameters.GetRawText();
        }
        foreach (var message in request.Messages)
            foreach (var text in Of(message.Content))
                yield return text;
    }

    private static IEnumerable<string> Of(IReadOnlyList<ContentPart> content)
    {
        foreach (var part in content)
        {
            switch (part)
            {
                case TextPart text: yield return text.Text; break;
                case RefusalPart refusal: yield return refusal.Text; break;
                case ReasoningPart { Text: { } thought }: yield return thought; break;
                case ToolCallPart call:
                    yield return call.Name;
                    yield return call.Arguments;
                    break;
                case ToolResultPart result:
                    foreach (var text in Of(result.Content)) yield return text;
                    break;
            }
        }
    }
}
