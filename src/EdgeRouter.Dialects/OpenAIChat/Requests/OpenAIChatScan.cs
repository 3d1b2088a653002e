using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>
/// What one pass over the body of a chat request found: the routing facts, and where things are in the body, for the splicer. An API with members
/// of its own beside chat's derives from it. Read-only once scanned.
/// </summary>
internal class OpenAIChatScan : ScannedRequest
{
    /// <summary>What the messages say about the conversation. A field, since it is changed in place.</summary>
    public ConversationFacts Conversation;

    /// <summary>The three spellings of reasoning options, merged; null: none given.</summary>
    public ReasoningOptions? Reasoning { get; set; }

    /// <summary>Whether <c>response_format</c> holds a JSON Schema.</summary>
    public bool HasSchema { get; set; }

    /// <summary>What a cursor over a chat body has found so far.</summary>
    public static OpenAIChatScan Of(in RequestCursor cursor) => (OpenAIChatScan)cursor.Found;
}
