using System.Text.Json;

namespace EdgeRouter.Core.Conversation;

/// <summary>
/// One step of a streamed answer in the content model. A reader turns each provider event into zero or more of these, in order; a writer turns each
/// into zero or more events of the caller API. What belongs to a part of a turn is a <see cref="PartEvent"/>.
/// </summary>
public abstract record StreamEvent;

/// <summary>First event of an answer: what the provider reports about it.</summary>
public sealed record ResponseStarted(string? UpstreamId, string? UpstreamModel, string? SystemFingerprint = null, string? ServiceTier = null) : StreamEvent;

/// <summary>The assistant's turn of a choice begins (OpenAI's <c>delta.role</c>).</summary>
public sealed record ChoiceStarted(int Choice) : StreamEvent;

/// <summary>
/// A further member of an OpenAI-like <c>delta</c> (for example <c>audio</c>), or with <paramref name="Choice"/> null of the chunk itself (for
/// example <c>citations</c>).
/// </summary>
public sealed record ExtensionDelta(int? Choice, string Name, JsonElement Json) : StreamEvent;

/// <summary>A choice ended.</summary>
public sealed record ChoiceFinished(int Choice, FinishReason Reason, string? NativeReason) : StreamEvent
{
    /// <summary>The stop sequence that was hit, if the provider reports it.</summary>
    public string? StopSequence { get; init; }
}

/// <summary>Tokens so far. Reports are cumulative: the last one counts.</summary>
public sealed record UsageReported(TokenUsage Usage) : StreamEvent;

/// <summary>The provider reported an error inside the stream. What follows is ignored.</summary>
public sealed record StreamFailed(UpstreamError Error) : StreamEvent;

/// <summary>
/// The provider reported that the stream is complete (<c>[DONE]</c>, <c>message_stop</c>, ...). A stream that ends without it was truncated.
/// </summary>
public sealed record StreamCompleted : StreamEvent
{
    /// <summary>The only instance needed.</summary>
    public static readonly StreamCompleted Instance = new();
}

/// <summary>An error as a provider's body reports it. Members are null when not given; texts are the provider's and untrusted.</summary>
/// <param name="Status">HTTP status, or the numeric code inside an event.</param>
/// <param name="Code">Machine-readable code, for example <c>context_length_exceeded</c>.</param>
/// <param name="Type">Machine-readable type, for example <c>overloaded_error</c> or <c>RESOURCE_EXHAUSTED</c>.</param>
/// <param name="Message">Text for people.</param>
public sealed record UpstreamError(int? Status, string? Code, string? Type, string? Message)
{
    /// <summary>When to try again, from the body instead of the <c>Retry-After</c> header (Google's <c>RetryInfo</c>); null: not given.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
