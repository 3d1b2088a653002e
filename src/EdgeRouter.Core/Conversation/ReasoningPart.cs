using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>Kind of <see cref="ReasoningPart"/>.</summary>
public enum ReasoningKind
{
    /// <summary>Text only, from a provider that does not divide its reasoning into blocks: <see cref="ReasoningPart.Text"/>.</summary>
    Plain,

    /// <summary>A block of text: <see cref="ReasoningPart.Text"/> and perhaps <see cref="ReasoningPart.Signature"/>.</summary>
    Text,

    /// <summary>A summary: <see cref="ReasoningPart.Text"/>.</summary>
    Summary,

    /// <summary>An opaque block: <see cref="ReasoningPart.Data"/>.</summary>
    Encrypted,

    /// <summary>Any other block; kept verbatim in <see cref="ReasoningPart.Json"/>.</summary>
    Other,
}

/// <summary>
/// A block of the model's reasoning. Where clients return the deltas of a stream as they received them, several parts in a row with one
/// <see cref="Index"/> are one block.
/// </summary>
public sealed record ReasoningPart(ReasoningKind Kind) : ContentPart
{
    /// <summary>Text of a plain, text or summary block.</summary>
    public string? Text { get; init; }

    /// <summary>The readable text that was sent with this block and those after it; null: only the blocks' own text.</summary>
    public string? Readable { get; init; }

    /// <summary>The provider's signature over the block.</summary>
    public string? Signature { get; init; }

    /// <summary>Opaque data of an encrypted block.</summary>
    public string? Data { get; init; }

    /// <summary>Block id; of an encrypted block of Gemini the id of the tool call that it signs, if it signs one.</summary>
    public string? Id { get; init; }

    /// <summary>Where it comes from, one of <see cref="ReasoningFormats"/>. A provider only gets its own back.</summary>
    public string? Format { get; init; }

    /// <summary>The number that the provider gave the block among the reasoning blocks of its turn; null: none.</summary>
    public int? Index { get; init; }

    /// <summary>The block as it came, of kind <see cref="ReasoningKind.Other"/> or where <see cref="IsContent"/>.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>Whether a caller of the OpenAI Chat format put it among the texts and media, in Anthropic's spelling (<see cref="Json"/>).</summary>
    public bool IsContent { get; init; }
}

/// <summary>Values of <see cref="ReasoningPart.Format"/>.</summary>
public static class ReasoningFormats
{
    /// <summary>Anthropic thinking blocks.</summary>
    public const string Anthropic = "anthropic-claude-v1";

    /// <summary>Gemini thoughts and thought signatures.</summary>
    public const string Gemini = "google-gemini-v1";

    /// <summary>OpenAI Responses reasoning items.</summary>
    public const string OpenAIResponses = "openai-responses-v1";

    /// <summary>Not known.</summary>
    public const string Unknown = "unknown";
}
