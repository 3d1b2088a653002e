using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>
/// What one pass over the body of a Gemini request found: the routing facts, and where things are in the body, for the splicer. Read-only once scanned.
/// </summary>
internal sealed class GeminiScan() : NativeScan(WireNames.Gemini)
{
    /// <summary>What the contents say about the conversation. A field, since it is changed in place.</summary>
    public ConversationFacts Conversation;

    /// <summary>Whether the content that is checked is the model's.</summary>
    public bool IsModelTurn { get; set; }

    /// <summary>Calls in the model's turn so far.</summary>
    public int CallsInTurn { get; set; }

    /// <summary>Functions that the tools so far declare.</summary>
    public int DeclarationCount { get; set; }

    /// <summary>What the media type of the part that is checked says.</summary>
    public GeminiMedia Media { get; set; }

    /// <summary>Whether a signature is of another provider: only the canonical path leaves it out.</summary>
    public bool HasOtherReasoning { get; set; }

    /// <summary>Whether a turn of the model's that newer models want signed is not: only the canonical path puts something in its place.</summary>
    public bool HasUnsignedTurn { get; set; }

    /// <summary>Whether the model has said something.</summary>
    public bool HasModelTurn { get; set; }

    /// <summary>Whether a file is at a URL that the provider does not fetch: only the canonical path fetches it.</summary>
    public bool HasUnfetchedUrl { get; set; }

    /// <summary>What <c>thinkingConfig</c> asks for.</summary>
    public GeminiThinking Thinking { get; set; } = new(null, null, false);

    /// <summary>Whether an answer in JSON is asked for.</summary>
    public bool HasFormat { get; set; }

    /// <summary>What a cursor over a body has found so far.</summary>
    public static GeminiScan Of(in RequestCursor cursor) => (GeminiScan)cursor.Found;
}

/// <summary>What <c>thinkingConfig</c> asks for.</summary>
/// <param name="Budget">Most tokens; 0: no thinking; -1: as the model decides; null: not given.</param>
/// <param name="Level">In lower case; null: not given.</param>
/// <param name="IsShown">Whether the answer shows thoughts.</param>
internal sealed record GeminiThinking(int? Budget, string? Level, bool IsShown)
{
    /// <summary>The model decides how much it thinks.</summary>
    public const int Dynamic = -1;

    /// <summary>Whether it asks for anything.</summary>
    public bool AsksAnything => Budget is not null || Level is not null || IsShown;
}
