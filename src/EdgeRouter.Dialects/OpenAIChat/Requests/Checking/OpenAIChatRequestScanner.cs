using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>The validating pass over a chat request. Thread-safe.</summary>
internal static class OpenAIChatRequestScanner
{
    /// <summary>Checks the body and finds the routing facts.</summary>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static OpenAIChatScan Scan(ReadOnlyMemory<byte> body)
    {
        var scan = new OpenAIChatScan();
        RequestWalk.Run(body.Span, Members.Table, scan);
        CheckConversation(scan);
        FillReasoning(scan, body.Span);
        foreach (var edit in scan.Edits)
            if (edit.Reason is OpenAIChatEdits.CacheControl or OpenAIChatEdits.CacheBreakpoint) scan.Parameters |= RequestParameters.CacheControl;
        RouterRequestMembers.Finish(scan);
        return scan;
    }

    private static void CheckConversation(OpenAIChatScan scan)
    {
        var hasMessages = scan.TryGet(Members.Messages, out _);
        var hasPrompt = scan.TryGet(Members.Prompt, out _);
        if (!hasMessages && !hasPrompt) throw Invalid("messages", "required, " + Members.Messages.Shape.Expected);
        if (hasMessages && hasPrompt) throw Invalid("prompt", "expected either messages or prompt, not both");
        scan.ConversationHash = scan.Conversation.Hash;
        scan.InToolLoop = scan.Conversation.IsInToolLoop;
        scan.HasSignedReasoning = scan.Conversation.HasSignedReasoning;
    }

    private static void FillReasoning(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        scan.Reasoning = OpenAIChatRequestReasoning.Fold(
            scan.TryGet(Members.Reasoning, out var wishes) ? CheckedValues.Element(wishes.Slice(body)) : null,
            scan.TryGet(Members.ReasoningEffort, out var effort) ? CheckedValues.Text(effort.Slice(body)) : null,
            scan.TryGet(Members.IncludeReasoning, out var include) ? CheckedValues.Flag(include.Slice(body)) : null);
        scan.ExcludeReasoning = scan.Reasoning?.Exclude == true;
        scan.ReasoningTokens = scan.Reasoning?.MaxTokens;
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
