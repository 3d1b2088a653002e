using System.Globalization;
using System.Text.Json.Nodes;
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
    /// The error of a request that no attempt could serve. All 429: 429 capacity_exhausted; all 404: 404 model_unavailable_upstream; several and all
    /// transient: 503 temporarily_unavailable; otherwise the last failure's own status. Attempts that were cancelled because another one won do not
    /// count.
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
        var retryAfter = RetryAfter(counted);
        var error = new RouterError(verdict?.Status ?? last.Traits.Status, verdict?.ErrorType ?? last.Traits.ErrorType, Message(provider, last, counted.Count))
        {
            RetryAfter = retryAfter,
        };
        return error with
        {
            Metadata = Metadata(error.Type, provider, last, counted),
            Availability = verdict is null ? null : Availability(verdict, counted, requestedModels, retryAfter),
        };
    }

    private sealed record AvailabilityVerdict(string Code, int Status, string ErrorType, bool Retryable);

    private static AvailabilityVerdict? Verdict(List<(string Provider, UpstreamFailure Failure)> attempts)
    {
        if (attempts.TrueForAll(attempt => attempt.Failure.Traits.Status == 429))
            return new("capacity_exhausted", 429, ErrorTypes.RateLimitExceeded, Retryable: true);
        if (attempts.TrueForAll(attempt => attempt.Failure.Traits.Status == 404))
            return new("model_unavailable_upstream", 404, ErrorTypes.NotFound, Retryable: false);
        if (attempts.Count > 1 && attempts.TrueForAll(attempt => attempt.Failure.Traits.IsTransient))
            return new("temporarily_unavailable", 503, ErrorTypes.ProviderOverloaded, Retryable: true);
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

    private JsonObject Metadata(string errorType, string provider, UpstreamFailure failure, List<(string Provider, UpstreamFailure Failure)> attempts)
    {
        var metadata = new JsonObject { ["error_type"] = errorType, ["provider_name"] = provider };
        if (ProviderCode(failure) is { } code) metadata["provider_code"] = code;
        if (failure.Raw is { } raw && !IsAboutOurAccess(failure)) metadata["raw"] = Clean(raw);
        if (attempts.Count > 1)
        {
            metadata["previous_errors"] = new JsonArray([.. attempts.Take(attempts.Count - 1).Select(attempt => (JsonNode)new JsonObject
            {
                ["provider"] = attempt.Provider,
                ["code"] = ProviderCode(attempt.Failure) ?? attempt.Failure.Traits.ErrorType,
                ["status"] = attempt.Failure.Status ?? attempt.Failure.Traits.Status,
            })]);
        }
        return metadata;
    }

    private static JsonObject Availability(
        AvailabilityVerdict verdict, List<(string Provider, UpstreamFailure Failure)> attempts, IReadOnlyList<string> requestedModels, TimeSpan? retryAfter)
    {
        var availability = new JsonObject
        {
            ["code"] = verdict.Code,
            ["retryable"] = verdict.Retryable,
            ["requested_models"] = new JsonArray([.. requestedModels.Select(model => (JsonNode)model)]),
            ["affected_providers"] = new JsonArray(
                [.. attempts.Select(attempt => attempt.Provider).Distinct(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
            ["docs_url"] = "https://openrouter.ai/docs/api/reference/errors-and-debugging",
        };
        if (retryAfter is { } wait) availability["retry_after"] = (long)Math.Ceiling(wait.TotalSeconds);
        return availability;
    }

    private string? ProviderCode(UpstreamFailure failure) =>
        Clean(failure.Error.Code ?? failure.Error.Type) ?? failure.Status?.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A provider's text without secrets and with a limited length. It is shortened after the search, so that no part of a secret remains at the end.
    /// </summary>
    private string? Clean(string? text) => UpstreamFailure.Bound(secrets.Scrub(text));
}
