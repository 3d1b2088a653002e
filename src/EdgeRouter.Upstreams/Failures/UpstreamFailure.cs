using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>One failed attempt. Immutable; returned, never thrown.</summary>
/// <param name="Class">What it means.</param>
/// <param name="Status">The provider's HTTP status; null when no answer came.</param>
/// <param name="Error">The provider's error, or for a network failure the router's own text.</param>
/// <param name="RetryAfter">How long the provider asks to wait, at most <see cref="RetryAfterReader.MaxWait"/>; null: not given.</param>
public sealed record UpstreamFailure(FailureClass Class, int? Status, UpstreamError Error, TimeSpan? RetryAfter = null)
{
    /// <summary>Longest provider text that is kept, in characters.</summary>
    public const int MaxTextLength = 1000;

    /// <summary>
    /// Start of the provider's error body, at most <see cref="MaxTextLength"/> characters; null when there was none. Untrusted; may quote the prompt;
    /// never logged.
    /// </summary>
    public string? Raw { get; init; }

    /// <summary>The consequences of the class.</summary>
    public FailureTraits Traits => FailureTraits.Of(Class);

    /// <summary>
    /// What is reported to the endpoint's health. An answer that refuses the request as such (400, 413, 415, 422, 431) never counts against the
    /// provider, whatever its text or code, because the caller can cause it.
    /// </summary>
    public AttemptResult Result => Status is 400 or 413 or 415 or 422 or 431 ? AttemptResult.CallerFault : Traits.Result;

    /// <summary>A failure that the router detected itself, without an answer of the provider.</summary>
    public static UpstreamFailure Observed(FailureClass failureClass, string message) => new(failureClass, null, new UpstreamError(null, null, null, message));

    /// <summary>The first <see cref="MaxTextLength"/> characters of a text.</summary>
    internal static string? Bound(string? text)
    {
        if (text is null || text.Length <= MaxTextLength) return text;
        var end = char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength;
        return text[..end];
    }
}
