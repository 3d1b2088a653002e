using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Routing.Operations;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// What routing needs to know of a request; found by one pass over the body. Filled by the caller API, then read-only. A caller API with a
/// pass-through exchange derives from it to keep the positions that the splicer needs.
/// </summary>
public class RequestFacts
{
    /// <summary>The operation. The gateway sets it to the caller API's.</summary>
    public Operation Operation { get; set; } = Operation.Chat;

    /// <summary><c>model</c>; null: not given.</summary>
    public string? Model { get; set; }

    /// <summary><c>models</c>; empty: not given.</summary>
    public IReadOnlyList<string> FallbackModels { get; set; } = [];

    /// <summary><c>provider</c>.</summary>
    public ProviderPreferences Preferences { get; set; } = ProviderPreferences.None;

    /// <summary>Parameters that the request uses.</summary>
    public RequestParameters Parameters { get; set; }

    /// <summary>Names of top-level members the router does not know; null: none.</summary>
    public List<string>? UnknownParameters { get; set; }

    /// <summary>Whether a stream is requested.</summary>
    public bool Stream { get; set; }

    /// <summary>Upper bound on output tokens; null: not given.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>
    /// Requested reasoning tokens (<c>reasoning.max_tokens</c>); null: not given. Some wires count them in addition to <see cref="MaxOutputTokens"/>.
    /// </summary>
    public int? ReasoningTokens { get; set; }

    /// <summary>Choices that the answer has: <c>n</c>, 1 when not given, for each prompt.</summary>
    public int ChoiceCount { get; set; } = 1;

    /// <summary>Choices that are generated and charged, when that is more than <see cref="ChoiceCount"/>; null: the same number.</summary>
    public int? GeneratedChoices { get; set; }

    /// <summary>Choices that are charged.</summary>
    public int BilledChoices => Math.Max(GeneratedChoices ?? 0, ChoiceCount);

    /// <summary>Independent prompts in the request, each of which must fit the context by itself.</summary>
    public int PromptCount { get; set; } = 1;

    /// <summary>Number of messages.</summary>
    public int MessageCount { get; set; }

    /// <summary>Input modalities in the messages beyond text.</summary>
    public InputModalities Modalities { get; set; }

    /// <summary>Whether a member asks the provider to search the web or another source.</summary>
    public bool AsksForSearch { get; set; }

    /// <summary>Whether image output is requested (<c>modalities</c>).</summary>
    public bool WantsImageOutput { get; set; }

    /// <summary>Whether audio output is requested (<c>modalities</c>).</summary>
    public bool WantsAudioOutput { get; set; }

    /// <summary>UTF-8 bytes of text in messages, tools and schemas: the basis of the token estimate. Base64 data is not in it.</summary>
    public long TextBytes { get; set; }

    /// <summary>Number of images, files, audios and videos.</summary>
    public int MediaCount { get; set; }

    /// <summary>Number of images among them.</summary>
    public int ImageCount { get; set; }

    /// <summary><c>session_id</c>; null: not given.</summary>
    public string? SessionId { get; set; }

    /// <summary><c>prompt_cache_key</c>; null: not given.</summary>
    public string? PromptCacheKey { get; set; }

    /// <summary>
    /// Hash of the first system or developer message and the first other one, the same on every instance; null: not computed. Identifies the
    /// conversation when no id is given.
    /// </summary>
    public ulong? ConversationHash { get; set; }

    /// <summary>The last messages are results of tools that the model called: another model would have to finish work that it did not start.</summary>
    public bool InToolLoop { get; set; }

    /// <summary>The last message is the model's own: it may have nothing to add.</summary>
    public bool EndsWithAssistant { get; set; }

    /// <summary>The messages hold reasoning that its provider signed or encrypted, which no other provider's model can read.</summary>
    public bool HasSignedReasoning { get; set; }

    /// <summary>Hashes (<see cref="HashOfToolName"/>) of the names of the tools offered; null: none, or not collected.</summary>
    public List<ulong>? ToolNames { get; set; }

    /// <summary>The only wire whose providers have what the request holds, such as a server tool of one provider; null: any will do.</summary>
    public string? RequiredWire { get; set; }

    /// <summary>What requires <see cref="RequiredWire"/>, for people: a type of tool or content.</summary>
    public string? RequiredFor { get; set; }

    /// <summary>
    /// The wire whose providers have a search that the request offers beside tools of the caller. Where a model has such endpoints, its others are left
    /// out; where it has none, the search is left out, and named. Null: none is offered, or <see cref="RequiredWire"/> is for it.
    /// </summary>
    public string? SearchWire { get; set; }

    /// <summary>The caller's account: keeps the conversations of different callers apart. Set by the gateway.</summary>
    public string? Account { get; set; }

    /// <summary>Service tier, <c>service_tier</c> and <c>speed</c> folded; see <see cref="ServiceTiers"/>; null: not given.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>Regions in which the data must stay, for example <c>eu</c>; null: anywhere. Set by guardrails.</summary>
    public IReadOnlyList<string>? DataRegions { get; set; }

    /// <summary><c>user</c>; null: not given.</summary>
    public string? User { get; set; }

    /// <summary><c>debug.echo_upstream_body</c>: the caller requests to see what was sent to each provider. Streams only.</summary>
    public bool EchoesUpstreamBody { get; set; }

    /// <summary><c>reasoning.exclude</c>, or <c>include_reasoning: false</c>.</summary>
    public bool ExcludeReasoning { get; set; }

    /// <summary>Names of the router's members that came in a header instead of the body, for errors; null: none did.</summary>
    public IReadOnlyList<string>? OptionMembers { get; set; }

    /// <summary>Whether a tool of that name is offered; true where the names are not known.</summary>
    public bool OffersTool(string name)
    {
        if (ToolNames is null) return true;
        const int MaxBytes = 256;
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes) return false;
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return ToolNames.Contains(HashOfToolName(utf8[..Encoding.UTF8.GetBytes(name, utf8)]));
    }

    /// <summary>What is kept of a tool's name, given in UTF-8.</summary>
    public static ulong HashOfToolName(ReadOnlySpan<byte> name) => StableHash.Add(StableHash.Start, name);

    /// <summary>Estimated prompt tokens: 1 per 4 bytes of text, 1,000 per media item, 4 per message; rounded up.</summary>
    public long EstimatedPromptTokens => (TextBytes + 3) / 4 + EstimatedTokensBesideText;

    /// <summary>Of those, the ones of media and of what surrounds messages.</summary>
    public long EstimatedTokensBesideText => MediaCount * 1000L + MessageCount * 4L;

    /// <summary>Drops what is only valid while the body's memory is: the positions of members in it.</summary>
    public virtual void ForgetLayout()
    {
    }
}

/// <summary>Input modalities beyond text.</summary>
[Flags]
public enum InputModalities
{
    /// <summary>Text only.</summary>
    None = 0,

    /// <summary>Images.</summary>
    Image = 1,

    /// <summary>Files.</summary>
    File = 2,

    /// <summary>Audio.</summary>
    Audio = 4,

    /// <summary>Video.</summary>
    Video = 8,
}

/// <summary>The <c>provider</c> object. Null: not given.</summary>
public sealed record ProviderPreferences
{
    /// <summary>No preference.</summary>
    public static readonly ProviderPreferences None = new();

    /// <summary>Provider slugs, endpoint tags or display names to try first, in order.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    /// <summary>Only these.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Not these.</summary>
    public IReadOnlyList<string>? Ignore { get; init; }

    /// <summary>Whether others may serve when the first (or the listed) fail; null: true.</summary>
    public bool? AllowFallbacks { get; init; }

    /// <summary>Whether endpoints must support every parameter used; null: false.</summary>
    public bool? RequireParameters { get; init; }

    /// <summary>True: <c>data_collection</c> is deny.</summary>
    public bool DenyDataCollection { get; init; }

    /// <summary>Only zero-data-retention endpoints.</summary>
    public bool? ZeroDataRetention { get; init; }

    /// <summary>Only models that may be distilled.</summary>
    public bool? EnforceDistillableText { get; init; }

    /// <summary>Permitted quantizations.</summary>
    public IReadOnlyList<string>? Quantizations { get; init; }

    /// <summary>Name of the ordering: one of <see cref="EndpointOrderingNames"/>; null: default.</summary>
    public string? Sort { get; init; }

    /// <summary>True: sort endpoints of all candidate models together.</summary>
    public bool SortAcrossModels { get; init; }

    /// <summary>Highest prices; prompt and completion in USD per million tokens.</summary>
    public MaxPrice? MaxPrice { get; init; }

    /// <summary>Preferred minimum of output per second by percentile: tokens, or what the operation counts.</summary>
    public PercentileBounds? PreferredMinThroughput { get; init; }

    /// <summary>Preferred maximum of seconds to the first token by percentile.</summary>
    public PercentileBounds? PreferredMaxLatency { get; init; }

    /// <summary>Whether a second attempt may start in parallel to a silent one; null: the operator's setting. The router's own member.</summary>
    public bool? Hedge { get; init; }

    /// <summary>Whether another endpoint may continue a stream whose provider fails; null: the operator's setting. The router's own member.</summary>
    public bool? Resume { get; init; }
}

/// <summary>Highest prices; null: no bound.</summary>
public sealed record MaxPrice(decimal? Prompt, decimal? Completion, decimal? Image, decimal? Audio, decimal? Request);

/// <summary>Bounds by percentile; null: no bound.</summary>
public sealed record PercentileBounds(double? P50, double? P75, double? P90, double? P99);
