using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>One row of <see cref="FailureRules"/>: all columns that are set must match.</summary>
/// <param name="Wire">Only providers of this wire format; null: any.</param>
/// <param name="Status">Only this HTTP status; 0: any or none (an error inside a stream).</param>
/// <param name="Name">The error's code or type, ignoring case; null: any.</param>
/// <param name="Phrase">Words in the error's message, ignoring case; null: any.</param>
/// <param name="Class">The class of a matching error.</param>
/// <param name="Reason">Which provider sends it, and why it means that.</param>
/// <param name="Example">An error as a provider sends it; a test shows that it reaches this row and no other.</param>
public sealed record FailureRule(string? Wire, int Status, string? Name, string? Phrase, FailureClass Class, string Reason, UpstreamError Example)
{
    /// <summary>Whether the message must start with the phrase: because the caller's own text may follow later in the message.</summary>
    public bool AtStart { get; init; }

    /// <summary>Whether a match counts against the provider or the router's account, so that a caller must not be able to cause it.</summary>
    public bool CountsAgainstProvider => FailureTraits.Of(Class).Result != AttemptResult.CallerFault;

    /// <summary>Whether the row applies.</summary>
    /// <param name="wire">The provider's wire format.</param>
    /// <param name="status">HTTP status; 0: none.</param>
    /// <param name="error">The provider's error.</param>
    /// <param name="request">The request that was sent: words that the provider only repeats do not count against it.</param>
    public bool Matches(string wire, int status, UpstreamError error, ReadOnlySpan<byte> request) =>
        (Status == 0 || Status == status)
        && (Name is null || string.Equals(Name, error.Code, StringComparison.OrdinalIgnoreCase)
            || string.Equals(Name, error.Type, StringComparison.OrdinalIgnoreCase))
        && (Wire is null || string.Equals(Wire, wire, StringComparison.Ordinal))
        && (Phrase is null || Says(error.Message) && !(CountsAgainstProvider && RequestText.Contains(request, Phrase)));

    private bool Says(string? message) => message is not null
        && (AtStart ? message.StartsWith(Phrase!, StringComparison.OrdinalIgnoreCase) : message.Contains(Phrase!, StringComparison.OrdinalIgnoreCase));
}
