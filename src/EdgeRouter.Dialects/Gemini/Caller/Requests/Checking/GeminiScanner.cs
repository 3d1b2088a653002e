using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiMembers;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>The validating pass over a Gemini request. Thread-safe.</summary>
internal static class GeminiScanner
{
    /// <summary>Checks the body and finds the routing facts.</summary>
    /// <param name="call">What the path says.</param>
    /// <param name="body">The body. It stays unchanged until the scan has forgotten it.</param>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    public static GeminiScan Scan(in GeminiCall call, ReadOnlyMemory<byte> body)
    {
        var scan = new GeminiScan { Body = body, Stream = call.Streams };
        RequestWalk.Run(body.Span, Members.Table, scan);
        if (!scan.TryGet(Members.Contents, out _))
            throw new RouterException(RouterError.InvalidField(Members.Contents.Name, "required, " + Members.Contents.Shape.Expected));
        scan.Model = ModelOf(call, scan.Model);
        scan.ConversationHash = scan.Conversation.Hash;
        scan.InToolLoop = scan.Conversation.IsInToolLoop;
        scan.EndsWithAssistant = scan.Conversation.EndsWithAssistant;
        scan.HasSignedReasoning = scan.Conversation.HasSignedReasoning;
        scan.ExcludeReasoning = !scan.Thinking.IsShown;
        foreach (var given in scan.Members)
            if (given is { IsNull: false, Member: GeminiMember { IsUncarried: true } }) scan.AddUncarried(given.Name);
        RouterRequestMembers.Finish(scan);
        // An array has no place for what clients would not take for a part of the answer.
        scan.EchoesUpstreamBody &= !call.IsArray;
        return scan;
    }

    /// <summary>The model of the path; where there is none, as in a request for a plan, that of the body.</summary>
    private static string? ModelOf(in GeminiCall call, string? given)
    {
        var inBody = given is null ? null : GeminiCall.ModelOf(given);
        if (call.Model is not { } inPath) return inBody;
        if (inBody is not null && !inBody.Equals(inPath, StringComparison.Ordinal))
            throw new RouterException(RouterError.InvalidField(RouterRequestMembers.Model.Name, "expected the model of the path, or none"));
        return ModelIdShape.NamesPreset(inPath)
            ? throw new RouterException(RouterError.InvalidField(RouterRequestMembers.Model.Name, ModelIdShape.NoPresets)) : inPath;
    }
}
