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
        Scan(body, Members.Table, scan);
        var hasMessages = scan.TryGet(Members.Messages, out _);
        var hasPrompt = scan.TryGet(Members.Prompt, out _);
        if (!hasMessages && !hasPrompt) throw Invalid("messages", "required, " + Members.Messages.Shape.Expected);
        if (hasMessages && hasPrompt) throw Invalid("prompt", "expected either messages or prompt, not both");
        return scan;
    }

    /// <summary>Checks the body of an API with the members of a table and finds the routing facts.</summary>
    /// <param name="body">The body. It stays unchanged until <paramref name="scan"/> has forgotten it.</param>
    /// <param name="table">The members that the API knows.</param>
    /// <param name="scan">Receives what is found; new.</param>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static void Scan(ReadOnlyMemory<byte> body, RequestMemberTable<OpenAIChatMember> table, OpenAIChatScan scan)
    {
        scan.Body = body;
        RequestWalk.Run(body.Span, table, scan);
        FillConversation(scan);
        FillReasoning(scan, body.Span);
        foreach (var edit in scan.Edits)
            if (edit.Reason is OpenAIChatEdits.CacheControl or OpenAIChatEdits.CacheBreakpoint) scan.Parameters |= RequestParameters.CacheControl;
        RouterRequestMembers.Finish(scan);
    }

    private static void FillConversation(OpenAIChatScan scan)
    {
        scan.ConversationHash = scan.Conversation.Hash;
        scan.InToolLoop = scan.Conversation.IsInToolLoop;
        scan.EndsWithAssistant = scan.Conversation.EndsWithAssistant;
        scan.HasSignedReasoning = scan.Conversation.HasSignedReasoning;
    }

    private static void FillReasoning(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        scan.Reasoning = OpenAIChatRequestReasoning.Fold(
            scan.TryGet(Members.Reasoning, out var values) ? CheckedValues.Element(values.Slice(body)) : null,
            scan.TryGet(Members.ReasoningEffort, out var effort) ? CheckedValues.Text(effort.Slice(body)) : null,
            scan.TryGet(Members.IncludeReasoning, out var include) ? CheckedValues.Flag(include.Slice(body)) : null);
        scan.ExcludeReasoning = scan.Reasoning?.Exclude == true;
        scan.ReasoningTokens = scan.Reasoning?.MaxTokens;
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
