using EdgeRouter.Core.Errors;
using static EdgeRouter.Upstreams.Failures.Remedy;

namespace EdgeRouter.Upstreams.Failures;

/// <summary>What follows from a <see cref="FailureClass"/>.</summary>
/// <param name="Remedy">What may be tried.</param>
/// <param name="Blame">Whom it counts against.</param>
/// <param name="Status">HTTP status for the caller.</param>
/// <param name="ErrorType">One of <see cref="ErrorTypes"/> for the caller.</param>
public sealed record FailureTraits(Remedy Remedy, Blame Blame, int Status, string ErrorType)
{
    // The router's own credential at a provider is no business of the caller: a 401 or 402 would tell him that his key or his balance is at fault. He
    // sees a provider that cannot serve.
    private static readonly FailureTraits[] ByClass = Index(new()
    {
        [FailureClass.InvalidRequest] = new(NextModel, Blame.Caller, 400, ErrorTypes.InvalidRequest),
        [FailureClass.ContextLength] = new(LargerEndpoint | NextModel, Blame.Caller, 400, ErrorTypes.ContextLengthExceeded),
        [FailureClass.MaxTokens] = new(LargerEndpoint | NextModel, Blame.Caller, 400, ErrorTypes.MaxTokensExceeded),
        [FailureClass.ContentPolicy] = new(NextModel, Blame.Caller, 400, ErrorTypes.ContentPolicyViolation),
        [FailureClass.InvalidImage] = new(NextModel, Blame.Caller, 400, ErrorTypes.InvalidImage),
        [FailureClass.UnsupportedFeature] = new(NextEndpoint | NextModel, Blame.Caller, 400, ErrorTypes.InvalidRequest),
        [FailureClass.Authentication] = new(NextEndpoint | NextModel, Blame.Credential, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.CreditsExhausted] = new(NextEndpoint | NextModel, Blame.Credential, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.PermissionDenied] = new(NextEndpoint | NextModel, Blame.Credential, 403, ErrorTypes.PermissionDenied),
        [FailureClass.ModelNotFound] = new(NextEndpoint | NextModel, Blame.Router, 404, ErrorTypes.NotFound),
        [FailureClass.PayloadTooLarge] = new(NextEndpoint | NextModel, Blame.Caller, 413, ErrorTypes.PayloadTooLarge),
        [FailureClass.RateLimited] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Credential, 429, ErrorTypes.RateLimitExceeded),
        [FailureClass.QuotaExhausted] = new(NextEndpoint | NextModel, Blame.Credential, 429, ErrorTypes.RateLimitExceeded),
        [FailureClass.Overloaded] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 503, ErrorTypes.ProviderOverloaded),
        [FailureClass.ServerError] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.BadGateway] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.ProviderTimeout] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 504, ErrorTypes.Timeout),
        [FailureClass.ConnectFailed] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.HeadersTimeout] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 504, ErrorTypes.Timeout),
        [FailureClass.FirstTokenTimeout] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 504, ErrorTypes.Timeout),
        [FailureClass.IdleTimeout] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 504, ErrorTypes.Timeout),
        [FailureClass.TotalTimeout] = new(Stop, Blame.Provider, 504, ErrorTypes.Timeout),
        [FailureClass.ConnectionReset] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.MalformedAnswer] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.TruncatedAnswer] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        [FailureClass.EmptyAnswer] = new(SameEndpointLater | NextEndpoint | NextModel, Blame.Provider, 502, ErrorTypes.ProviderUnavailable),
        // 499 is seen in records only: nobody is there to read it.
        [FailureClass.CallerGone] = new(Stop, Blame.Nobody, 499, ErrorTypes.Server),
        [FailureClass.Cancelled] = new(Stop, Blame.Nobody, 499, ErrorTypes.Server),
    });

    /// <summary>True when the same request may well succeed later at the same endpoint.</summary>
    public bool IsTransient => (Remedy & SameEndpointLater) != 0;

    /// <summary>The traits of a class.</summary>
    public static FailureTraits Of(FailureClass failureClass) => ByClass[(int)failureClass];

    private static FailureTraits[] Index(Dictionary<FailureClass, FailureTraits> rows) =>
        [.. Enum.GetValues<FailureClass>().Select(failureClass => rows[failureClass])];
}
