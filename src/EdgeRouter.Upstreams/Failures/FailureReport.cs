using System.Globalization;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Secrets;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>
/// Makes the caller's error from the failures of all attempts. The only way by which a provider's text reaches a caller: secrets are removed here.
/// Thread-safe.
/// </summary>
public sealed class FailureReport(ConfiguredSecrets secrets)
{
    /// <summary>
    /// The error of a request that no attempt could serve. All 429: 429; all 404: 404; several and all transient: 503; otherwise the last failure's own
    /// status. Attempts that were cancelled because another one won do not count.
    /// </summary>
    /// <param name="attempts">Display names of providers and their failures, in order of the attempts; at least one.</param>
    /// <param name="requestedModels">Models that the caller requested.</param>
    public RouterError ToRouterError(IReadOnlyList<(string Provider, UpstreamFailure Failure)> attempts, IReadOnlyList<string> requestedModels)
    {
        if (attempts.Count == 0) throw new ArgumentException("At least one attempt is needed.", nameof(attempts));
        var counted = attempts.Where(attempt => attempt.Failure.Class != FailureClass.Cancelled).ToList();
        if (counted.Count == 0) counted = [attempts[^1]];

        var (provider, last) = counted[^1];
        var verdict = Verdict(counted);
        return new RouterError(verdict?.Status ?? last.Traits.Status, verdict?.ErrorType ?? last.Traits.ErrorType, Message(provider, last, counted.Count))
        {
            RetryAfter = RetryAfter(counted),
            Details = new ProvidersFailed(provider)
            {
                Code = ProviderCode(last),
                Raw = IsAboutOurAccess(last) ? null : Clean(last.Raw),
                Earlier = [.. counted.SkipLast(1).Select(Earlier)],
                Unavailability = verdict?.Cause,
                RequestedModels = requestedModels,
                Providers = [.. counted.Select(attempt => attempt.Provider).Distinct(StringComparer.Ordinal)],
            },
        };
    }

    private sealed record AvailabilityVerdict(Unavailability Cause, int Status, string ErrorType);

    private static AvailabilityVerdict? Verdict(List<(string Provider, UpstreamFailure Failure)> attempts)
    {
        if (attempts.TrueForAll(attempt => attempt.Failure.Traits.Status == 429))
            return new(Unavailability.CapacityExhausted, 429, ErrorTypes.RateLimitExceeded);
        if (attempts.TrueForAll(attempt => attempt.Failure.Traits.Status == 404))
            return new(Unavailability.ModelUnavailable, 404, ErrorTypes.NotFound);
        if (attempts.Count > 1 && attempts.TrueForAll(attempt => attempt.Failure.Traits.IsTransient))
            return new(Unavailability.Temporary, 503, ErrorTypes.ProviderOverloaded);
        return null;
    }

    // Such texts may quote the router's credential or account.
    private static bool IsAboutOurAccess(UpstreamFailure failure) =>
        failure.Class is FailureClass.Authentication or FailureClass.CreditsExhausted or FailureClass.PermissionDenied;

    // The provider's own message, because a general "Provider returned error" does not help the caller.
    private string Message(string provider, UpstreamFailure failure, int attempts)
    {
        var text = IsAboutOurAccess(failure) ? "the router's access to this provider was refused" : Clean(failure.Error.Message);
        if (string.IsNullOrWhiteSpace(text))
            text = failure.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"answered with status {status}") : "failed";
        return attempts == 1 ? $"{provider}: {text}" : string.Create(CultureInfo.InvariantCulture, $"{provider}: {text} (last of {attempts} attempts)");
    }

    // Retry-After is set only when every attempt gave one; the shortest may let the request succeed.
    private static TimeSpan? RetryAfter(List<(string Provider, UpstreamFailure Failure)> attempts)
    {
        TimeSpan? soonest = null;
        foreach (var (_, failure) in attempts)
        {
            if (failure.RetryAfter is not { } wait) return null;
            if (soonest is null || wait < soonest) soonest = wait;
        }
        return soonest;
    }

    private EarlierFailure Earlier((string Provider, UpstreamFailure Failure) attempt) => new(attempt.Provider,
        ProviderCode(attempt.Failure) ?? attempt.Failure.Traits.ErrorType, attempt.Failure.Status ?? attempt.Failure.Traits.Status);

    private string? ProviderCode(UpstreamFailure failure) =>
        Clean(failure.Error.Code ?? failure.Error.Type) ?? failure.Status?.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A provider's text without secrets and with a limited length. It is shortened after the search, so that no part of a secret remains at the end.
    /// </summary>
    private string? Clean(string? text) => UpstreamFailure.Bound(secrets.Scrub(text));
}
