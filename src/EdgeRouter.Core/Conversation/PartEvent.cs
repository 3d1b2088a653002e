using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>
/// A step of one part of a choice's turn. Parts are numbered from 0 in the order in which they begin, which is their order in
/// <see cref="ChatMessage.Content"/>; no number is left out or used twice.
/// <list type="bullet">
/// <item>A part either comes whole (<see cref="PartAdded"/>, <see cref="CitationsAdded"/>), or begins, grows by deltas and ends.</item>
/// <item>Readers end a text, a reasoning or a refusal before the next part begins, but for citations, which may come inside a text. Tool calls may be
/// open together, since some providers send their arguments by turns: a delta always names its part.</item>
/// <item>All parts have ended before <see cref="ChoiceFinished"/>, unless the provider sends more after it. A stream that breaks leaves them open.</item>
/// </list>
/// </summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the part.</param>
public abstract record PartEvent(int Choice, int Part) : StreamEvent;

/// <summary>A part begins.</summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the part.</param>
/// <param name="Head">
/// The part as far as it is known. The text of a text, refusal or reasoning is in the deltas, not here; a tool call has its id, mostly its name, and
/// the first piece of its arguments.
/// </param>
public sealed record PartStarted(int Choice, int Part, ContentPart Head) : PartEvent(Choice, Part);

/// <summary>The part is complete.</summary>
public sealed record PartEnded(int Choice, int Part) : PartEvent(Choice, Part);

/// <summary>A part that comes whole: an image, or an encrypted block of reasoning.</summary>
public sealed record PartAdded(int Choice, int Part, ContentPart Content) : PartEvent(Choice, Part);

/// <summary>Citations, which come whole and often together.</summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the first; the others follow it.</param>
/// <param name="Citations">At least one.</param>
public sealed record CitationsAdded(int Choice, int Part, IReadOnlyList<CitationPart> Citations) : PartEvent(Choice, Part);

/// <summary>Text. May be empty.</summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the part; <see cref="NoPart"/>: log probabilities only, outside of any text.</param>
/// <param name="Text">The next piece.</param>
public sealed record TextDelta(int Choice, int Part, string Text) : PartEvent(Choice, Part)
{
    /// <summary>Number of a part when there is none.</summary>
    public const int NoPart = -1;

    /// <summary>Log probabilities of this text in the OpenAI shape.</summary>
    public JsonElement? Logprobs { get; init; }
}

/// <summary>Reasoning: readable text, a piece of a block, or both for the same piece.</summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the part.</param>
/// <param name="Text">Text of a plain part; with a block its readable form, null when that is the block's own text.</param>
/// <param name="Block">The next piece of the block; null: the part is plain.</param>
public sealed record ReasoningDelta(int Choice, int Part, string? Text, ReasoningPart? Block) : PartEvent(Choice, Part);

/// <summary>Refusal text.</summary>
public sealed record RefusalDelta(int Choice, int Part, string Text) : PartEvent(Choice, Part);

/// <summary>A further piece of a tool call.</summary>
/// <param name="Choice">Choice index.</param>
/// <param name="Part">Number of the part.</param>
/// <param name="Arguments">The next piece of the arguments; may be empty; null: none in this piece.</param>
public sealed record ToolCallDelta(int Choice, int Part, string? Arguments) : PartEvent(Choice, Part)
{
    /// <summary>The function's name, where the head did not have it.</summary>
    public string? Name { get; init; }

    /// <summary>A signature over the call that the provider wants back with it.</summary>
    public string? Signature { get; init; }
}
