namespace EdgeRouter.Core.Conversation;

/// <summary>
/// Tokens of one generation in disjoint classes: no token is in two of them, so the total is the sum. Unknown is null, never 0. Readers of wire
/// formats convert: OpenAI counts cached tokens inside <c>prompt_tokens</c> and reasoning inside <c>completion_tokens</c>, Anthropic counts cache
/// reads and writes beside <c>input_tokens</c>, Gemini counts cached inside <c>promptTokenCount</c> and thoughts beside <c>candidatesTokenCount</c>.
/// </summary>
public readonly record struct TokenUsage
{
    /// <summary>No generation has so many tokens of a class. A record holds no more, so that sums stay in range.</summary>
    public const long MaxTokens = 1_000_000_000_000;

    /// <summary>
    /// A count that a provider reports is read as it is, within this and its negative: arithmetic on a few of them cannot overflow. Whether it can be
    /// true is judged when it is priced.
    /// </summary>
    public const long MaxReported = 1_000_000_000_000_000;

    private readonly Tokens input;
    private readonly Tokens cacheRead;
    private readonly Tokens cacheWrite5m;
    private readonly Tokens cacheWrite1h;
    private readonly Tokens inputAudio;
    private readonly Tokens inputImage;
    private readonly Tokens inputVideo;
    private readonly Tokens output;
    private readonly Tokens reasoning;
    private readonly Tokens outputAudio;
    private readonly Tokens outputImage;
    private readonly Tokens acceptedPrediction;
    private readonly Tokens rejectedPrediction;

    /// <summary>Fresh text (or undivided) input.</summary>
    public long? Input { get => input.Value; init => input = new Tokens(value); }

    /// <summary>Input read from the provider's prompt cache.</summary>
    public long? CacheRead { get => cacheRead.Value; init => cacheRead = new Tokens(value); }

    /// <summary>Input written to the cache for 5 minutes (or for the provider's only duration).</summary>
    public long? CacheWrite5m { get => cacheWrite5m.Value; init => cacheWrite5m = new Tokens(value); }

    /// <summary>Input written to the cache for an hour.</summary>
    public long? CacheWrite1h { get => cacheWrite1h.Value; init => cacheWrite1h = new Tokens(value); }

    /// <summary>Audio input.</summary>
    public long? InputAudio { get => inputAudio.Value; init => inputAudio = new Tokens(value); }

    /// <summary>Image input, where the provider counts it separately.</summary>
    public long? InputImage { get => inputImage.Value; init => inputImage = new Tokens(value); }

    /// <summary>Video input, where the provider counts it separately.</summary>
    public long? InputVideo { get => inputVideo.Value; init => inputVideo = new Tokens(value); }

    /// <summary>Text (or undivided) output without reasoning.</summary>
    public long? Output { get => output.Value; init => output = new Tokens(value); }

    /// <summary>Reasoning output.</summary>
    public long? Reasoning { get => reasoning.Value; init => reasoning = new Tokens(value); }

    /// <summary>Audio output.</summary>
    public long? OutputAudio { get => outputAudio.Value; init => outputAudio = new Tokens(value); }

    /// <summary>Image output.</summary>
    public long? OutputImage { get => outputImage.Value; init => outputImage = new Tokens(value); }

    /// <summary>Predicted tokens that were accepted; part of <see cref="Output"/>, kept for display only.</summary>
    public long? AcceptedPrediction { get => acceptedPrediction.Value; init => acceptedPrediction = new Tokens(value); }

    /// <summary>Predicted tokens that were rejected; part of <see cref="Output"/>, kept for display only.</summary>
    public long? RejectedPrediction { get => rejectedPrediction.Value; init => rejectedPrediction = new Tokens(value); }

    /// <summary>Web searches that the provider did for this generation.</summary>
    public int? WebSearches { get; init; }

    /// <summary>Search units that the provider bills for a reranking; each costs what a request does.</summary>
    public int? SearchUnits { get; init; }

    /// <summary>Sum of the input classes; unknown ones count as 0.</summary>
    public long PromptTotal => (Input ?? 0) + (CacheRead ?? 0) + (CacheWrite5m ?? 0) + (CacheWrite1h ?? 0) + (InputAudio ?? 0) + (InputImage ?? 0)
        + (InputVideo ?? 0);

    /// <summary>Sum of the output classes; unknown ones count as 0.</summary>
    public long CompletionTotal => (Output ?? 0) + (Reasoning ?? 0) + (OutputAudio ?? 0) + (OutputImage ?? 0);

    /// <summary>True when the provider reported neither input nor output nor search units.</summary>
    public bool IsUnknown => Input is null && Output is null && SearchUnits is null;

    /// <summary>Both together; what neither reports stays unknown.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new()
    {
        Input = Sum(left.Input, right.Input),
        CacheRead = Sum(left.CacheRead, right.CacheRead),
        CacheWrite5m = Sum(left.CacheWrite5m, right.CacheWrite5m),
        CacheWrite1h = Sum(left.CacheWrite1h, right.CacheWrite1h),
        InputAudio = Sum(left.InputAudio, right.InputAudio),
        InputImage = Sum(left.InputImage, right.InputImage),
        InputVideo = Sum(left.InputVideo, right.InputVideo),
        Output = Sum(left.Output, right.Output),
        Reasoning = Sum(left.Reasoning, right.Reasoning),
        OutputAudio = Sum(left.OutputAudio, right.OutputAudio),
        OutputImage = Sum(left.OutputImage, right.OutputImage),
        AcceptedPrediction = Sum(left.AcceptedPrediction, right.AcceptedPrediction),
        RejectedPrediction = Sum(left.RejectedPrediction, right.RejectedPrediction),
        WebSearches = (int?)Sum(left.WebSearches, right.WebSearches),
        SearchUnits = (int?)Sum(left.SearchUnits, right.SearchUnits),
    };

    private static long? Sum(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);

    /// <summary>A number or unknown, in half the bytes of a nullable one: every request copies its usage into several objects.</summary>
    private readonly record struct Tokens
    {
        // 0, the default, is unknown; only long.MinValue, which counts nothing, has no form of its own and is unknown too.
        private readonly long flipped;

        public Tokens(long? value) => flipped = value is { } known ? known ^ long.MinValue : 0;

        public long? Value => flipped == 0 ? null : flipped ^ long.MinValue;
    }
}
