using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.MessagesMembers;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>The validating pass over a Messages request. Thread-safe.</summary>
internal static class MessagesScanner
{
    /// <summary>Checks the body and finds the routing facts.</summary>
    /// <param name="body">The body. It stays unchanged until the scan has forgotten it.</param>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static MessagesScan Scan(ReadOnlyMemory<byte> body)
    {
        var scan = new MessagesScan { Body = body };
        RequestWalk.Run(body.Span, Members.Table, scan);
        if (!scan.TryGet(Members.Messages, out _))
            throw new RouterException(RouterError.InvalidField("messages", "required, " + Members.Messages.Shape.Expected));
        scan.ConversationHash = scan.Conversation.Hash;
        scan.InToolLoop = scan.Conversation.IsInToolLoop;
        scan.HasSignedReasoning = scan.Conversation.HasSignedReasoning;
        // Beside a budget, or without thinking, an effort is about the length of the whole answer.
        if (scan.HasEffort && scan.Thinking != MessagesThinking.Adaptive) scan.Parameters |= RequestParameters.Verbosity;
        foreach (var given in scan.Members)
            if (given is { IsNull: false, Member: MessagesMember { IsUncarried: true } }) scan.AddUncarried(given.Name);
        foreach (var edit in scan.Edits)
            if (edit.Reason == MessagesEdits.CacheControl) scan.Parameters |= RequestParameters.CacheControl;
        scan.FinishTools();
        RouterRequestMembers.Finish(scan);
        return scan;
    }
}
