using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;

/// <summary>
/// What one pass over the body of a Messages request found: the routing facts, and where things are in the body, for the splicer. Read-only once
/// scanned.
/// </summary>
internal sealed class MessagesScan() : NativeScan(WireNames.AnthropicMessages)
{
    /// <summary>What the messages say about the conversation. A field, since it is changed in place.</summary>
    public ConversationFacts Conversation;

    /// <summary>How the model thinks; null: not given.</summary>
    public MessagesThinking? Thinking { get; set; }

    /// <summary>Whether an assistant's turn holds reasoning that Anthropic's models did not write: only the canonical path leaves it out.</summary>
    public bool HasOtherReasoning { get; set; }

    /// <summary>Whether instructions stand among the messages: only the canonical path moves them.</summary>
    public bool HasLateInstructions { get; set; }

    /// <summary>Whether <c>output_config.effort</c> is given.</summary>
    public bool HasEffort { get; set; }

    /// <summary>Whether <c>output_config.format</c> is given.</summary>
    public bool HasFormat { get; set; }

    /// <summary>What a cursor over a body has found so far.</summary>
    public static MessagesScan Of(in RequestCursor cursor) => (MessagesScan)cursor.Found;
}

/// <summary>Values of <c>thinking.type</c>.</summary>
internal enum MessagesThinking
{
    /// <summary>The model does not think.</summary>
    Disabled,

    /// <summary>Within a budget of tokens.</summary>
    Enabled,

    /// <summary>As the model decides.</summary>
    Adaptive,
}
