using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>Why generation ended, in the five values of the OpenAI Chat format as OpenRouter uses them.</summary>
public enum FinishReason
{
    /// <summary>The model was done, or hit a stop sequence.</summary>
    Stop,

    /// <summary>The token limit was reached.</summary>
    Length,

    /// <summary>The model calls tools.</summary>
    ToolCalls,

    /// <summary>A filter or refusal ended it.</summary>
    ContentFilter,

    /// <summary>Generation broke.</summary>
    Error,
}

/// <summary>A whole answer in the content model.</summary>
public sealed record ChatResponse
{
    /// <summary>The provider's id of the answer, if it gave one.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>The provider's name of the model that served, if it gave one.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>System fingerprint, if given.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>Service tier served, if given.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The choices, in order of index; empty only together with an <see cref="Error"/>.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>Tokens as the provider reported them; null: not reported.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>An error that the provider reported in the answer, instead of choices or after partial ones; null: none.</summary>
    public UpstreamError? Error { get; init; }

    /// <summary>Further top-level members of an OpenAI-like answer as raw JSON by name (for example <c>citations</c>).</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>One choice of an answer.</summary>
public sealed record ChatChoice
{
    /// <summary>Position.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// The assistant's turn. Speech that the model made is in <see cref="ChatMessage.Extensions"/> under <c>audio</c>.
    /// </summary>
    public required ChatMessage Message { get; init; }

    /// <summary>Why it ended; null: not reported.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The provider's own value.</summary>
    public string? NativeFinishReason { get; init; }

    /// <summary>The stop sequence that was hit, if the provider reports it.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Log probabilities in the OpenAI shape.</summary>
    public JsonElement? Logprobs { get; init; }
}
