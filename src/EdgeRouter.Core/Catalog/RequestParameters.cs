using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog;

/// <summary>
/// Set of request parameters, one bit each, so that "does this endpoint support what the request uses" is one AND.
/// Synonyms share a bit: <c>max_tokens</c> and <c>max_completion_tokens</c>; <c>reasoning</c>, <c>reasoning_effort</c> and <c>include_reasoning</c>;
/// </summary>
[Flags]
public enum RequestParameters : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>max_tokens</c>, <c>max_completion_tokens</c>.</summary>
    MaxTokens = 1UL << 0,

    /// <summary><c>temperature</c>.</summary>
    Temperature = 1UL << 1,

    /// <summary><c>top_p</c>.</summary>
    TopP = 1UL << 2,

    /// <summary><c>top_k</c>.</summary>
    TopK = 1UL << 3,

    /// <summary><c>min_p</c>.</summary>
    MinP = 1UL << 4,

    /// <summary><c>top_a</c>.</summary>
    TopA = 1UL << 5,

    /// <summary><c>frequency_penalty</c>.</summary>
    FrequencyPenalty = 1UL << 6,

    /// <summary><c>presence_penalty</c>.</summary>
    PresencePenalty = 1UL << 7,

    /// <summary><c>repetition_penalty</c>.</summary>
    RepetitionPenalty = 1UL << 8,

    /// <summary><c>seed</c>.</summary>
    Seed = 1UL << 9,

    /// <summary><c>stop</c>.</summary>
    Stop = 1UL << 10,

    /// <summary><c>logit_bias</c>.</summary>
    LogitBias = 1UL << 11,

    /// <summary><c>logprobs</c>.</summary>
    Logprobs = 1UL << 12,

    /// <summary><c>top_logprobs</c>.</summary>
    TopLogprobs = 1UL << 13,

    /// <summary><c>response_format</c> of any type but text.</summary>
    ResponseFormat = 1UL << 14,

    /// <summary><c>structured_outputs</c>: <c>response_format</c> of type json_schema.</summary>
    StructuredOutputs = 1UL << 15,

    /// <summary><c>tools</c>.</summary>
    Tools = 1UL << 16,

    /// <summary><c>tool_choice</c>.</summary>
    ToolChoice = 1UL << 17,

    /// <summary><c>parallel_tool_calls</c>.</summary>
    ParallelToolCalls = 1UL << 18,

    /// <summary><c>reasoning</c>, <c>reasoning_effort</c>, <c>include_reasoning</c>.</summary>
    Reasoning = 1UL << 19,

    /// <summary><c>prediction</c>.</summary>
    Prediction = 1UL << 20,

    /// <summary><c>n</c> above 1.</summary>
    ChoiceCount = 1UL << 21,

    /// <summary><c>verbosity</c>.</summary>
    Verbosity = 1UL << 22,

    /// <summary><c>web_search_options</c>.</summary>
    WebSearchOptions = 1UL << 23,

    /// <summary><c>modalities</c> with anything but text.</summary>
    Modalities = 1UL << 24,

    /// <summary><c>audio</c>.</summary>
    Audio = 1UL << 25,

    /// <summary><c>cache_control</c>, at the top or on parts.</summary>
    CacheControl = 1UL << 26,

    /// <summary><c>prompt_cache_key</c>.</summary>
    PromptCacheKey = 1UL << 27,

    /// <summary><c>service_tier</c>.</summary>
    ServiceTier = 1UL << 28,

    /// <summary><c>image_config</c>.</summary>
    ImageConfig = 1UL << 29,

    /// <summary><c>user</c>.</summary>
    User = 1UL << 30,

    /// <summary>Top-level members that the router does not know.</summary>
    Unknown = 1UL << 31,

    /// <summary><c>prompt_cache_options</c>.</summary>
    PromptCacheOptions = 1UL << 32,
}

/// <summary>Wire names of <see cref="RequestParameters"/>.</summary>
public static class RequestParameterNames
{
    /// <summary>Bit by wire name, synonyms included.</summary>
    public static FrozenDictionary<string, RequestParameters> ByName { get; } = new Dictionary<string, RequestParameters>(StringComparer.Ordinal)
    {
        ["max_tokens"] = RequestParameters.MaxTokens,
        ["max_completion_tokens"] = RequestParameters.MaxTokens,
        ["temperature"] = RequestParameters.Temperature,
        ["top_p"] = RequestParameters.TopP,
        ["top_k"] = RequestParameters.TopK,
        ["min_p"] = RequestParameters.MinP,
        ["top_a"] = RequestParameters.TopA,
        ["frequency_penalty"] = RequestParameters.FrequencyPenalty,
        ["presence_penalty"] = RequestParameters.PresencePenalty,
        ["repetition_penalty"] = RequestParameters.RepetitionPenalty,
        ["seed"] = RequestParameters.Seed,
        ["stop"] = RequestParameters.Stop,
        ["logit_bias"] = RequestParameters.LogitBias,
        ["logprobs"] = RequestParameters.Logprobs,
        ["top_logprobs"] = RequestParameters.TopLogprobs,
        ["response_format"] = RequestParameters.ResponseFormat,
        ["structured_outputs"] = RequestParameters.StructuredOutputs,
        ["tools"] = RequestParameters.Tools,
        ["tool_choice"] = RequestParameters.ToolChoice,
        ["parallel_tool_calls"] = RequestParameters.ParallelToolCalls,
        ["reasoning"] = RequestParameters.Reasoning,
        ["reasoning_effort"] = RequestParameters.Reasoning,
        ["include_reasoning"] = RequestParameters.Reasoning,
        ["prediction"] = RequestParameters.Prediction,
        ["n"] = RequestParameters.ChoiceCount,
        ["verbosity"] = RequestParameters.Verbosity,
        ["web_search_options"] = RequestParameters.WebSearchOptions,
        ["modalities"] = RequestParameters.Modalities,
        ["audio"] = RequestParameters.Audio,
        ["cache_control"] = RequestParameters.CacheControl,
        ["prompt_cache_key"] = RequestParameters.PromptCacheKey,
        ["prompt_cache_options"] = RequestParameters.PromptCacheOptions,
        ["service_tier"] = RequestParameters.ServiceTier,
        ["image_config"] = RequestParameters.ImageConfig,
        ["user"] = RequestParameters.User,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Members of an assistant's turn that return its reasoning to the provider. They are not request parameters; a provider's renames name them when
    /// it accepts them.
    /// </summary>
    public static FrozenSet<string> ReasoningMembers { get; } = FrozenSet.Create(StringComparer.Ordinal, "reasoning_content", "reasoning_details");

    /// <summary>
    /// Parameters that a catalog row never lists, because every chat endpoint whose wire format carries them accepts them, or because ignoring them
    /// changes no answer. They are left out of the comparison with an endpoint's list.
    /// </summary>
    public const RequestParameters NeverListed = RequestParameters.CacheControl | RequestParameters.PromptCacheKey | RequestParameters.PromptCacheOptions
        | RequestParameters.ServiceTier | RequestParameters.User | RequestParameters.Modalities | RequestParameters.Audio | RequestParameters.ImageConfig
        | RequestParameters.ChoiceCount | RequestParameters.Unknown;

    private static readonly (RequestParameters Bit, string Name)[] Canonical = ByName
        .GroupBy(pair => pair.Value)
        .Select(group => (group.Key, group.Select(pair => pair.Key).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).First()))
        .OrderBy(pair => pair.Key)
        .ToArray();

    /// <summary>The wire name of one parameter.</summary>
    /// <exception cref="ArgumentException">It is not exactly one parameter that has a name.</exception>
    public static string NameOf(RequestParameters parameter)
    {
        foreach (var (bit, name) in Canonical)
            if (bit == parameter) return name;
        throw new ArgumentException($"{parameter} has no name.", nameof(parameter));
    }

    /// <summary>The set's wire names, one per bit, in the order of the bits.</summary>
    public static IReadOnlyList<string> ToNames(RequestParameters set)
    {
        var names = new List<string>();
        foreach (var (bit, name) in Canonical)
            if ((set & bit) != 0) names.Add(name);
        return names;
    }
}
