using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Core.Routing.Operations;

/// <summary>Completion: a prompt in, its continuation out.</summary>
internal sealed class CompletionOperation() : ConversationOperation("completion", ["text"])
{
    public override TokenUsage CountUsage(RequestFacts request, long outputBytes)
    {
        var counted = base.CountUsage(request, outputBytes);
        // Its texts may hold the prompt, and what is asked for bounds what was generated.
        return request.MaxOutputTokens is { } most && counted.Output > (long)most * request.ChoiceCount
            ? counted with { Output = (long)most * request.ChoiceCount } : counted;
    }

    // A text that is continued may be complete.
    public override bool MayAnswerNothing(RequestFacts request) => true;
}
