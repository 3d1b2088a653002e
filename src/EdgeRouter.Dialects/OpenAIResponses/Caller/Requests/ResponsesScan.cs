using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;

/// <summary>What one pass over the body of a Responses request found: the routing facts. Read-only once scanned.</summary>
internal sealed class ResponsesScan() : NativeScan(WireNames.OpenAIResponses)
{
    private ConversationTurn? current;

    /// <summary>What the items say about the conversation. A field, since it is changed in place.</summary>
    public ConversationFacts Conversation;

    /// <summary>The reasoning options; null: not given.</summary>
    public ReasoningOptions? Reasoning { get; set; }

    /// <summary>Whether a tool of type <c>namespace</c> is offered.</summary>
    public bool HasNamespaces { get; set; }

    /// <summary>Tools so far, those in namespaces and in items included.</summary>
    public int ToolCount { get; set; }

    /// <summary>Where the list of tools that is being read starts in the body.</summary>
    public int ToolListStart { get; set; }

    /// <summary>Whether there is reasoning that no provider of this format encrypted: only the canonical path leaves it out.</summary>
    public bool HasOtherReasoning { get; set; }

    /// <summary>Whether there are items of another router's tools: only the canonical path leaves them out.</summary>
    public bool HasRouterItems { get; set; }

    /// <summary>Whether log probabilities of the text are to be included.</summary>
    public bool IncludesLogprobs { get; set; }

    /// <summary>What a cursor over a body has found so far.</summary>
    public static ResponsesScan Of(in RequestCursor cursor) => (ResponsesScan)cursor.Found;

    /// <summary>An item begins. Items of the model that follow each other are one turn, and so are results of tools.</summary>
    public void BeginItem(ConversationTurn turn)
    {
        MessageCount++;
        if (turn == current && turn is ConversationTurn.Assistant or ConversationTurn.Tool) return;
        current = turn;
        Conversation.BeginTurn(turn);
    }
}
