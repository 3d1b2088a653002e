using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>
/// A chat request in the content model, which all formats are converted to and from. Immutable. <see langword="null"/> means "not given": the member
/// is not sent upstream either, so that the provider's own default applies.
/// </summary>
public sealed record ChatRequest
{
    /// <summary>Model as the caller wrote it; the provider's own name is passed to the writer separately.</summary>
    public string Model { get; init; } = "";

    /// <summary>The turns, in order. System and developer turns stay where the caller put them.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Whether the caller asked for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Upper bound on generated tokens, reasoning included (<c>max_completion_tokens</c> or <c>max_tokens</c>).</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Number of choices (<c>n</c>).</summary>
    public int? ChoiceCount { get; init; }

    /// <summary>Sampling parameters.</summary>
    public SamplingParameters Sampling { get; init; } = SamplingParameters.None;

    /// <summary>Tools the model may call. Empty when none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether and which tool must be called.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether several tools may be called in one turn.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>Shape the answer must have.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>Reasoning options.</summary>
    public ReasoningOptions? Reasoning { get; init; }

    /// <summary>Output modalities (<c>text</c>, <c>image</c>, <c>audio</c>); null: the model's default.</summary>
    public IReadOnlyList<string>? Modalities { get; init; }

    /// <summary>Top-level automatic prompt-caching marker.</summary>
    public CacheControl? CacheControl { get; init; }

    /// <summary>Requested length of the answer: low, medium, high, xhigh or max.</summary>
    public string? Verbosity { get; init; }

    /// <summary>Requested service tier.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The caller's end-user id, as the caller sent it. Writers forward only a hash of it.</summary>
    public string? User { get; init; }

    /// <summary>
    /// Every other top-level member meant for the provider, by its name in the OpenAI Chat format, as raw JSON: known ones without a member above
    /// (<c>prediction</c>,
    /// <c>audio</c>, <c>logit_bias</c>, <c>image_config</c>, <c>prompt_cache_key</c>, ...) and unknown ones. Providers of the same format get them verbatim.
    /// Members meant for the router (<c>provider</c>, <c>models</c>, <c>plugins</c>, ...) are not here.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = EmptyExtensions;

    internal static readonly IReadOnlyDictionary<string, JsonElement> EmptyExtensions = new Dictionary<string, JsonElement>();
}

/// <summary>Sampling parameters, each as in the OpenAI Chat format; null: not given.</summary>
public sealed record SamplingParameters
{
    /// <summary>No parameter given.</summary>
    public static readonly SamplingParameters None = new();

    /// <summary>0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>At least 0; 0 is off.</summary>
    public int? TopK { get; init; }

    /// <summary>0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>0 to 1.</summary>
    public double? TopA { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>0 to 2; 1 is neutral.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Stop sequences, at most 4; null: none given.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Whether log probabilities are requested.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>0 to 20.</summary>
    public int? TopLogprobs { get; init; }
}

/// <summary>A tool the model may call.</summary>
public sealed record ToolDefinition
{
    /// <summary>Function name, at most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>JSON Schema of the arguments; null: no parameters.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Whether the arguments must match the schema exactly.</summary>
    public bool? Strict { get; init; }

    /// <summary>Prompt-caching marker behind this tool.</summary>
    public CacheControl? CacheControl { get; init; }

    /// <summary>
    /// Members without a property, as raw JSON by their path in the OpenAI Chat format below this object (<c>eager_input_streaming</c>,
    /// <c>function.x</c>). Only providers of that format get them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>How <see cref="ToolChoice"/> constrains the model.</summary>
public enum ToolChoiceMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool may be called.</summary>
    None,

    /// <summary>Some tool must be called.</summary>
    Required,

    /// <summary>The named function must be called.</summary>
    Function,
}

/// <summary>Which tool must be called. <paramref name="FunctionName"/> is set exactly when the mode is <see cref="ToolChoiceMode.Function"/>.</summary>
public sealed record ToolChoice(ToolChoiceMode Mode, string? FunctionName = null);

/// <summary>Kind of <see cref="ResponseFormat"/>.</summary>
public enum ResponseFormatKind
{
    /// <summary>Free text.</summary>
    Text,

    /// <summary>Any JSON object.</summary>
    JsonObject,

    /// <summary>JSON that matches a schema.</summary>
    JsonSchema,

    /// <summary>Text that matches a grammar.</summary>
    Grammar,

    /// <summary>Python source.</summary>
    Python,
}

/// <summary>Shape the answer must have.</summary>
public sealed record ResponseFormat
{
    /// <summary>Kind.</summary>
    public required ResponseFormatKind Kind { get; init; }

    /// <summary>Schema name, at most 64 of <c>[A-Za-z0-9_-]</c>; only with <see cref="ResponseFormatKind.JsonSchema"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Schema description.</summary>
    public string? Description { get; init; }

    /// <summary>The schema; only with <see cref="ResponseFormatKind.JsonSchema"/>.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Whether the schema is enforced exactly.</summary>
    public bool? Strict { get; init; }

    /// <summary>The grammar; only with <see cref="ResponseFormatKind.Grammar"/>.</summary>
    public string? Grammar { get; init; }

    /// <summary>
    /// Members without a property, as raw JSON by their path in the OpenAI Chat format below this object (<c>schema</c>, <c>json_schema.x</c>). Only
    /// providers of that format get them.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = ChatRequest.EmptyExtensions;
}

/// <summary>Reasoning options. <see cref="Effort"/> and <see cref="MaxTokens"/> are alternatives.</summary>
public sealed record ReasoningOptions
{
    /// <summary>One of max, xhigh, high, medium, low, minimal, none.</summary>
    public string? Effort { get; init; }

    /// <summary>Reasoning token budget.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>True: the model reasons, the answer does not show it.</summary>
    public bool? Exclude { get; init; }

    /// <summary>True without an effort means medium; false means none.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Requested summary: auto, concise or detailed.</summary>
    public string? Summary { get; init; }

    /// <summary>Which earlier reasoning counts: auto, all_turns or current_turn.</summary>
    public string? Context { get; init; }

    /// <summary>standard or pro.</summary>
    public string? Mode { get; init; }
}

/// <summary>Prompt-caching marker.</summary>
/// <param name="Ttl"><c>5m</c>, <c>1h</c> or null (the provider's default, 5 minutes).</param>
public sealed record CacheControl(string? Ttl = null);
