using System.Collections.Frozen;

namespace EdgeRouter.Core.Catalog;

/// <summary>A company (or machine) that serves models, after the provider table, catalog files and settings were merged. Immutable.</summary>
public sealed record Provider
{
    /// <summary>Routing slug, lower case, for example <c>openai</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>Display name, for example <c>OpenAI</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Wire format, one of <see cref="WireNames"/>.</summary>
    public required string Wire { get; init; }

    /// <summary>Where requests go; the paths of the wire format are appended. Null is refused when a catalog is loaded.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>How requests are authenticated, one of <see cref="AuthSchemes"/>.</summary>
    public required string Auth { get; init; }

    /// <summary>The credential; null: none (local servers). Never logged, never in an answer.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the scheme needs beside a key, by the names of <see cref="AuthCredentials"/>. Never logged, never in an answer.</summary>
    public FrozenDictionary<string, string> Credentials { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Values of the placeholders that its base URL may have, such as <c>region</c>.</summary>
    public FrozenDictionary<string, string> Variables { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>
    /// Path of conversations below the base URL in place of the wire's own; <c>{model}</c> stands for the endpoint's model. Null: the wire's own.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The same for streams; null: as <see cref="Path"/>.</summary>
    public string? StreamPath { get; init; }

    /// <summary>
    /// Version of Anthropic's Messages that the body names as <c>anthropic_version</c>, in place of a header; the model is then not in the body but in
    /// <see cref="Path"/>. Null: neither.
    /// </summary>
    public string? MessagesVersion { get; init; }

    /// <summary>Fixed headers sent with every request, for example <c>anthropic-version</c>.</summary>
    public FrozenDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Query string appended to every request, without the question mark, for example <c>api-version=2025-04-01-preview</c>.</summary>
    public string? Query { get; init; }

    /// <summary>
    /// Parameters that this provider spells differently: our wire name to theirs, for example <c>max_tokens</c> to <c>max_completion_tokens</c>. A
    /// parameter mapped to its own name means that the provider is known to accept it: <c>reasoning</c> as an object, and the members of
    /// <see cref="RequestParameterNames.ReasoningMembers"/>.
    /// </summary>
    public FrozenDictionary<string, string> ParameterRenames { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Parameters that this provider answers with an error; they are dropped, and the answer's header names them.</summary>
    public RequestParameters RefusedParameters { get; init; }

    /// <summary>Whether <c>stream_options.include_usage</c> may be sent.</summary>
    public bool AcceptsStreamOptions { get; init; } = true;

    /// <summary>
    /// Whether closing the connection stops generation and billing; null: not known. When it does not, an answer that no caller waits for is read on for
    /// its usage, and the output that cannot be read is estimated.
    /// </summary>
    public bool? AbortStopsBilling { get; init; }

    /// <summary>Where the provider counts cached tokens.</summary>
    public CachedTokenCounting CachedTokens { get; init; } = CachedTokenCounting.InsidePrompt;

    /// <summary>How its endpoints continue an assistant message, unless their rows have their own value.</summary>
    public AssistantPrefill Prefill { get; init; }

    /// <summary>ISO country of the headquarters.</summary>
    public string? Headquarters { get; init; }

    /// <summary>ISO countries of the data centres; null: not known.</summary>
    public IReadOnlyList<string>? Datacenters { get; init; }

    /// <summary>Default data policy of the provider's endpoints.</summary>
    public DataPolicy DataPolicy { get; init; } = DataPolicy.Unknown;

    /// <summary>Privacy policy page.</summary>
    public string? PrivacyPolicyUrl { get; init; }

    /// <summary>Terms page.</summary>
    public string? TermsOfServiceUrl { get; init; }

    /// <summary>Status page.</summary>
    public string? StatusPageUrl { get; init; }

    /// <summary>The slug: a record's own text would show the credential.</summary>
    public override string ToString() => Slug;
}

/// <summary>Where a provider of the OpenAI Chat wire format counts tokens read from its prompt cache.</summary>
public enum CachedTokenCounting
{
    /// <summary>Inside <c>prompt_tokens</c>, reported in <c>prompt_tokens_details.cached_tokens</c>.</summary>
    InsidePrompt,

    /// <summary>Inside <c>prompt_tokens</c>, reported in <c>usage.cached_tokens</c> (Moonshot and others).</summary>
    InsidePromptTopLevel,

    /// <summary>Inside <c>prompt_tokens</c>, reported in <c>prompt_cache_hit_tokens</c> (DeepSeek).</summary>
    PromptCacheHitTokens,

    /// <summary>In addition to the input count (Anthropic).</summary>
    BesideInput,

    /// <summary>Not reported.</summary>
    NotReported,
}

/// <summary>How a provider is asked to continue an assistant message: the conversation then ends with an assistant's turn.</summary>
public enum AssistantPrefill
{
    /// <summary>It cannot, or it is not known.</summary>
    None,

    /// <summary>It continues a last assistant's turn without any mark.</summary>
    Plain,

    /// <summary>The turn has <c>"prefix": true</c> (Mistral).</summary>
    Prefix,

    /// <summary>The body has <c>"continue_final_message": true, "add_generation_prompt": false</c> (vLLM, SGLang).</summary>
    ContinueFinalMessage,
}

/// <summary>What a provider does with prompts.</summary>
/// <param name="Training">Whether it may train on them; null: not known, treated as yes.</param>
/// <param name="RetainsPrompts">Whether it stores them after answering; null: not known, treated as yes.</param>
public sealed record DataPolicy(bool? Training, bool? RetainsPrompts)
{
    /// <summary>Nothing known.</summary>
    public static readonly DataPolicy Unknown = new(null, null);

    /// <summary>True only when both are known not to happen.</summary>
    public bool IsZeroDataRetention => Training == false && RetainsPrompts == false;
}

/// <summary>Names of wire formats in catalog files.</summary>
public static class WireNames
{
    /// <summary>OpenAI Chat Completions, which most providers speak.</summary>
    public const string OpenAIChat = "openai-chat";

    /// <summary>OpenAI's legacy completions.</summary>
    public const string OpenAICompletions = "openai-completions";

    /// <summary>OpenAI Responses.</summary>
    public const string OpenAIResponses = "openai-responses";

    /// <summary>Anthropic Messages.</summary>
    public const string AnthropicMessages = "anthropic-messages";

    /// <summary>Google Gemini generateContent.</summary>
    public const string Gemini = "gemini";

    /// <summary>Amazon Bedrock Converse.</summary>
    public const string BedrockConverse = "bedrock-converse";

    /// <summary>Reranking alone, as Cohere and Jina have it.</summary>
    public const string Rerank = "rerank";

    /// <summary>All of them.</summary>
    public static readonly FrozenSet<string> All =
        new[] { OpenAIChat, OpenAICompletions, OpenAIResponses, AnthropicMessages, Gemini, BedrockConverse, Rerank }.ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>Names of authentication schemes in catalog files.</summary>
public static class AuthSchemes
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    public const string Bearer = "bearer";

    /// <summary><c>x-api-key</c>.</summary>
    public const string XApiKey = "x-api-key";

    /// <summary><c>api-key</c>.</summary>
    public const string ApiKey = "api-key";

    /// <summary><c>x-goog-api-key</c>.</summary>
    public const string XGoogApiKey = "x-goog-api-key";

    /// <summary>AWS Signature V4.</summary>
    public const string SigV4 = "sigv4";

    /// <summary>Microsoft Entra token.</summary>
    public const string Entra = "entra";

    /// <summary>Google service account token.</summary>
    public const string Google = "google";

    /// <summary>No credential.</summary>
    public const string None = "none";

    /// <summary>All of them.</summary>
    public static readonly FrozenSet<string> All = new[] { Bearer, XApiKey, ApiKey, XGoogApiKey, SigV4, Entra, Google,
        None }.ToFrozenSet(StringComparer.Ordinal);
}
