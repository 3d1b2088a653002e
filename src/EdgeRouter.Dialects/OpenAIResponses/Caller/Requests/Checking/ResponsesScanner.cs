using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.ResponsesMembers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;

/// <summary>The validating pass over a Responses request. Thread-safe.</summary>
internal static class ResponsesScanner
{
    /// <summary>Checks the body and finds the routing facts.</summary>
    /// <param name="body">The body. It stays unchanged until the scan has forgotten it.</param>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static ResponsesScan Scan(ReadOnlyMemory<byte> body)
    {
        var scan = new ResponsesScan { Body = body };
        RequestWalk.Run(body.Span, Members.Table, scan);
        if (!scan.TryGet(Members.Input, out _)) throw Invalid("input", "required, " + Members.Input.Shape.Expected);
        scan.ConversationHash = scan.Conversation.Hash;
        scan.InToolLoop = scan.Conversation.IsInToolLoop;
        scan.EndsWithAssistant = scan.Conversation.EndsWithAssistant;
        scan.HasSignedReasoning = scan.Conversation.HasSignedReasoning;
        FillReasoning(scan);
        if (scan.HasNamespaces && scan.TryGet(Members.Tools, out var tools))
            AddNames(scan, ResponsesToolReader.Read(CheckedValues.Element(tools.Slice(body.Span))));
        foreach (var given in scan.Members)
            if (given is { IsNull: false, HasEffect: true, Member: ResponsesMember { IsUncarried: true } }) scan.AddUncarried(given.Name);
        scan.FinishTools();
        RouterRequestMembers.Finish(scan);
        return scan;
    }

    /// <summary>
    /// A provider of this API calls a tool of a namespace by its own name, which the walk has noted, any other by the one under which it is sent.
    /// </summary>
    private static void AddNames(ResponsesScan scan, List<ResponsesTool> tools)
    {
        scan.ToolNames ??= [];
        foreach (var tool in tools)
        {
            if (tool.Namespace is null) continue;
            scan.ToolNames.Add(RequestFacts.HashOfToolName(Encoding.UTF8.GetBytes(tool.SentName)));
        }
    }

    private static void FillReasoning(ResponsesScan scan)
    {
        if (scan.Reasoning is not { } reasoning) return;
        if (reasoning is { Effort: not null, MaxTokens: not null }) throw Invalid("reasoning.max_tokens", "expected either an effort or max_tokens, not both");
        scan.ExcludeReasoning = reasoning.Exclude == true;
        scan.ReasoningTokens = reasoning.MaxTokens;
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}
