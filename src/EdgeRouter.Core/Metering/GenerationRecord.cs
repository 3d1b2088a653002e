using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Core.Metering;

/// <summary>How the token counts of a record were obtained.</summary>
public enum UsageSource
{
    /// <summary>The provider reported them.</summary>
    Measured,

    /// <summary>Counted by the router from the bytes that it relayed.</summary>
    Counted,

    /// <summary>Estimated from sizes.</summary>
    Estimated,
}

/// <summary>
/// What one request was and cost: the row behind <c>GET /generation</c>, activity and budgets. Exactly one per request, on every exit. Immutable.
/// Holds no prompt, completion or key.
/// </summary>
public sealed record GenerationRecord
{
    // In a box, since few records have it and every one would hold its room.
    private readonly object? reportedUsage;

    /// <summary>The most that one request costs, whatever its providers say: what is above cannot be stored and is no price that anybody pays.</summary>
    public static readonly NanoDollars MaxCost = NanoDollars.FromDollars(1_000_000m);

    /// <summary>Generation id, see <see cref="GenerationId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Region of the router.</summary>
    public required string Region { get; init; }

    /// <summary>
    /// Identity of the caller's key (<see cref="Governance.Caller.Id"/>): its name, such as <c>inference</c>, or for a key without one its SHA-256 in hex.
    /// </summary>
    public required string KeyHash { get; init; }

    /// <summary>Name of the caller API, such as <c>chat</c> or <c>completion</c>.</summary>
    public required string ApiType { get; init; }

    /// <summary>Requested model.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>Model id that served; null: none did.</summary>
    public string? Model { get; init; }

    /// <summary>Provider's slug that served; null: none did.</summary>
    public string? ProviderSlug { get; init; }

    /// <summary>Provider's display name.</summary>
    public string? ProviderName { get; init; }

    /// <summary>Endpoint id: the catalog row whose price was applied.</summary>
    public string? EndpointId { get; init; }

    /// <summary>The provider's id of the answer.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>Whether it was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>Whether the caller disconnected before the end.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Status sent to the caller (499 when the caller disconnected before anything was sent).</summary>
    public int Status { get; init; }

    /// <summary>Error type when it failed, one of <see cref="Errors.ErrorTypes"/>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>stop, length, tool_calls, content_filter, error or null.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The provider's own value.</summary>
    public string? NativeFinishReason { get; init; }

    /// <summary>Milliseconds to the first token (whole answer when not streamed); null: none came.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Milliseconds from arrival to the end.</summary>
    public double? GenerationTimeMs { get; init; }

    /// <summary>The router's own part of the time to the first token, in microseconds.</summary>
    public double? OverheadMicroseconds { get; init; }

    /// <summary>Tokens of the answer that was served; where none was, of the attempts that the provider may charge.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>How <see cref="Usage"/> was obtained.</summary>
    public UsageSource UsageSource { get; init; }

    /// <summary>What a provider reported when that cannot be true: <see cref="Usage"/> and <see cref="Cost"/> are cut to what can. Null: it can.</summary>
    public TokenUsage? ReportedUsage { get => (TokenUsage?)reportedUsage; init => reportedUsage = value; }

    /// <summary>Whether a provider reported usage that cannot be true.</summary>
    public bool Disputed => reportedUsage is not null;

    /// <summary>Cost of all attempts, served, failed and cancelled, in nano-dollars; at most <see cref="MaxCost"/>.</summary>
    public NanoDollars Cost { get; init; }

    /// <summary>Part of <see cref="Cost"/> for input.</summary>
    public NanoDollars PromptCost { get; init; }

    /// <summary>Part of <see cref="Cost"/> for output.</summary>
    public NanoDollars CompletionCost { get; init; }

    /// <summary>What cache reads saved (positive) or cache writes cost more (negative) against fresh input.</summary>
    public NanoDollars CacheDiscount { get; init; }

    /// <summary>Media items in the prompt; null: not known.</summary>
    public int? PromptMedia { get; init; }

    /// <summary>Service tier served.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Caller's end-user id.</summary>
    public string? ExternalUser { get; init; }

    /// <summary>Caller's session id.</summary>
    public string? SessionId { get; init; }

    /// <summary>Caller's app URL.</summary>
    public string? HttpReferer { get; init; }

    /// <summary>Caller's app name.</summary>
    public string? AppTitle { get; init; }

    /// <summary>Caller's user agent.</summary>
    public string? UserAgent { get; init; }

    /// <summary>One entry per attempt, in order of start.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];
}

/// <summary>One attempt at an endpoint.</summary>
/// <param name="EndpointId">Endpoint id.</param>
/// <param name="ProviderName">Provider's display name.</param>
/// <param name="Model">Model id.</param>
/// <param name="Status">HTTP status of the provider; null: none came.</param>
/// <param name="Outcome">One word: <c>served</c>; <c>refused</c>: the request cannot be expressed in this endpoint's wire format; or the failure
/// class (<c>Cancelled</c>: another attempt won).</param>
/// <param name="LatencyMs">From start to first token or failure.</param>
/// <param name="Cost">Cost of an attempt that did not produce the answer; zero for the one that did.</param>
public sealed record AttemptRecord(string EndpointId, string ProviderName, string Model, int? Status, string Outcome, double LatencyMs, NanoDollars Cost)
{
    /// <summary>Input tokens of an attempt that did not produce the answer; null: it did, or is not charged.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Output tokens of an attempt that did not produce the answer; null: it did, or is not charged.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>How these numbers were obtained; null: there are none.</summary>
    public UsageSource? UsageSource { get; init; }
}
