using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>
/// Turns a provider's error into a <see cref="FailureClass"/>: the first matching row of <see cref="FailureRules"/>, otherwise the status alone.
/// Thread-safe.
/// </summary>
public static class FailureClassifier
{
    /// <summary>Classifies an error.</summary>
    /// <param name="wire">The provider's wire format, one of <see cref="Core.Catalog.WireNames"/>.</param>
    /// <param name="status">HTTP status of the answer; 0 for an error inside a stream that names none.</param>
    /// <param name="error">The error in the body.</param>
    /// <param name="request">The body that was sent to the provider; empty: not known. Words of the error that are also in the request do not count.</param>
    public static FailureClass Classify(string wire, int status, UpstreamError error, ReadOnlySpan<byte> request) =>
        FindRule(wire, status, error, request)?.Class ?? ByStatus(status);

    /// <summary>
    /// The failure of an error that came inside an answer with a good status: an error event of a stream, or an error object in a 200 body. It never
    /// gives a time to wait: only headers and documented members of a 429 or 503 do.
    /// </summary>
    public static UpstreamFailure InAnswer(string wire, UpstreamError error) =>
        new(Classify(wire, error.Status ?? 0, error, []), error.Status, error);

    internal static FailureRule? FindRule(string wire, int status, UpstreamError error, ReadOnlySpan<byte> request)
    {
        foreach (var rule in FailureRules.All)
            if (rule.Matches(wire, status, error, request)) return rule;
        return null;
    }

    private static FailureClass ByStatus(int status) => status switch
    {
        >= 300 and < 400 => FailureClass.BadGateway, // redirects are not followed: the base URL does not lead to the provider
        >= 400 and < 500 => FailureClass.InvalidRequest,
        _ => FailureClass.ServerError,
    };
}
