namespace EdgeRouter.Core.Conversation;

/// <summary>
/// Tokens of one generation in disjoint classes: no token is in two of them, so the total is the sum. Unknown is null, never 0.
/// Readers of dialects convert: OpenAI counts cached tokens inside <c>prompt_tokens</c> and reasoning inside <c>completion_tokens</c>, Anthropic counts cache reads and
/// writes beside <c>input_tokens</c>, Gemini counts cached inside <c>promptTokenCount</c> and thoughts beside <c>candidatesTokenCount</c>.
/// </summary>
public readonly record struct TokenUsage
{
    /// <summary>Fresh text (or undivided) input.</summary>
    public long? Input { get; init; }

    /// <summary>Input read from the vendor's prompt cache.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Input written to the cache for 5 minutes (or the vendor's only life).</summary>
    public long? CacheWrite5m { get; init; }

    /// <summary>Input written to the cache for an hour.</summary>
    public long? CacheWrite1h { get; init; }

    /// <summary>Audio input.</summary>
    public long? InputAudio { get; init; }

    /// <summary>Image input, where the vendor counts it apart.</summary>
    public long? InputImage { get; init; }

    /// <summary>Video input, where the vendor counts it apart.</summary>
    public long? InputVideo { get; init; }

    /// <summary>Text (or undivided) output without reasoning.</summary>
    public long? Output { get; init; }

    /// <summary>Reasoning output.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Audio output.</summary>
    public long? OutputAudio { get; init; }

    /// <summary>Image output.</summary>
    public long? OutputImage { get; init; }

    /// <summary>Predicted tokens that were accepted; part of <see cref="Output"/>, kept for display only.</summary>
    public long? AcceptedPrediction { get; init; }

    /// <summary>Predicted tokens that were rejected; part of <see cref="Output"/>, kept for display only.</summary>
    public long? RejectedPrediction { get; init; }

    /// <summary>Web searches that the vendor did for this generation.</summary>
    public int? WebSearches { get; init; }

    /// <summary>Sum of the input classes; unknown ones count as 0.</summary>
    public long PromptTotal => (Input ?? 0) + (CacheRead ?? 0) + (CacheWrite5m ?? 0) + (CacheWrite1h ?? 0) + (InputAudio ?? 0) + (InputImage ?? 0) + (InputVideo ?? 0);

    /// <summary>Sum of the output classes; unknown ones count as 0.</summary>
    public long CompletionTotal => (Output ?? 0) + (Reasoning ?? 0) + (OutputAudio ?? 0) + (OutputImage ?? 0);

    /// <summary>True when the vendor told neither input nor output.</summary>
    public bool IsUnknown => Input is null && Output is null;
}
