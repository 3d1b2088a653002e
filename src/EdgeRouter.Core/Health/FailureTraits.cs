using EdgeRouter.Core.Errors;
using static EdgeRouter.Core.Health.AttemptResult;
using static EdgeRouter.Core.Health.FailureCharge;
using static EdgeRouter.Core.Health.Remedy;

namespace EdgeRouter.Core.Health;

/// <summary>All consequences of a <see cref="FailureClass"/>. The table below is the only place that defines them.</summary>
/// <param name="Remedy">What may be tried next.</param>
/// <param name="Blame">Who it counts against.</param>
/// <param name="Result">What is reported to the endpoint's health.</param>
/// <param name="Charge">What the provider may charge for it.</param>
/// <param name="Status">HTTP status for the caller.</param>
/// <param name="ErrorType">One of <see cref="ErrorTypes"/> for the caller.</param>
/// <param name="Reason">Why the row is as it is.</param>
public sealed record FailureTraits(
    Remedy Remedy, Blame Blame, AttemptResult Result, FailureCharge Charge, int Status, string ErrorType, string Reason)
{
    private const Remedy Elsewhere = NextEndpoint | NextModel;
    private const Remedy LargerOnly = LargerEndpoint | NextModel;
    private const Remedy Anywhere = SameEndpointLater | NextEndpoint | NextModel;

    private static readonly FailureTraits[] ByClass = Index(new()
    {
        [FailureClass.InvalidRequest] = new(NextModel, Blame.Caller, CallerFault, None, 400, ErrorTypes.InvalidRequest,
            "Every endpoint of the model refuses it; another model may take it."),
        [FailureClass.ContextLength] = new(LargerOnly, Blame.Caller, CallerFault, None, 400, ErrorTypes.ContextLengthExceeded,
            "Only an endpoint with a larger context can help."),
        [FailureClass.MaxTokens] = new(LargerOnly, Blame.Caller, CallerFault, None, 400, ErrorTypes.MaxTokensExceeded,
            "Only an endpoint with a larger output limit can help."),
        [FailureClass.ContentPolicy] = new(NextModel, Blame.Caller, CallerFault, None, 400, ErrorTypes.ContentPolicyViolation,
            "The content is refused, not the endpoint; another model may have another policy."),
        [FailureClass.InvalidImage] = new(NextModel, Blame.Caller, CallerFault, None, 400, ErrorTypes.InvalidImage,
            "The image is at fault wherever it is sent."),
        [FailureClass.UnsupportedFeature] = new(Elsewhere, Blame.Caller, CallerFault, None, 400, ErrorTypes.InvalidRequest,
            "Another provider of the same model may accept the parameter."),
        [FailureClass.Authentication] = new(Elsewhere, Blame.Credential, CredentialRefused, None, 502, ErrorTypes.ProviderUnavailable,
            "The credential is the router's: a 401 would tell the caller that their own key is at fault."),
        [FailureClass.CreditsExhausted] = new(Elsewhere, Blame.Credential, CredentialRefused, None, 502, ErrorTypes.ProviderUnavailable,
            "The account is the router's: a 402 would tell the caller that their own balance is at fault."),
        [FailureClass.PermissionDenied] = new(Elsewhere, Blame.Credential, NotServed, None, 403, ErrorTypes.PermissionDenied,
            "This account may not use this model; the provider's other models are not touched."),
        [FailureClass.ModelNotFound] = new(Elsewhere, Blame.Router, NotServed, None, 404, ErrorTypes.NotFound,
            "The catalog names a model that the provider does not serve."),
        [FailureClass.PayloadTooLarge] = new(Elsewhere, Blame.Caller, CallerFault, None, 413, ErrorTypes.PayloadTooLarge,
            "Providers have different limits for a body."),
        [FailureClass.RateLimited] = new(Anywhere, Blame.Credential, RateLimited, None, 429, ErrorTypes.RateLimitExceeded,
            "The router's account sent too much; the endpoint itself works."),
        [FailureClass.QuotaExhausted] = new(Elsewhere, Blame.Credential, RateLimited, None, 429, ErrorTypes.RateLimitExceeded,
            "As a rate limit, but a short wait does not help."),
        [FailureClass.Overloaded] = new(Anywhere, Blame.Provider, Overloaded, None, 503, ErrorTypes.ProviderOverloaded,
            "The provider refused the request before it worked on it."),
        [FailureClass.ServerError] = new(Anywhere, Blame.Provider, ServerFault, None, 502, ErrorTypes.ProviderUnavailable,
            "Providers do not charge for an answer that is an error."),
        [FailureClass.BadGateway] = new(Anywhere, Blame.Provider, ServerFault, None, 502, ErrorTypes.ProviderUnavailable,
            "A proxy in front of the provider answered: the provider did no work that it could charge."),
        [FailureClass.ProviderTimeout] = new(Anywhere, Blame.Provider, TimedOut, Prompt, 504, ErrorTypes.Timeout,
            "The provider, or a proxy in front of it, stopped waiting for work that may have begun."),
        [FailureClass.ConnectFailed] = new(Anywhere, Blame.Provider, Unreachable, None, 502, ErrorTypes.ProviderUnavailable,
            "Nothing was sent."),
        [FailureClass.HeadersTimeout] = new(Anywhere, Blame.Provider, TimedOut, PromptAndAnswer, 504, ErrorTypes.Timeout,
            "The router closes the connection while the provider may be working."),
        [FailureClass.FirstTokenTimeout] = new(Anywhere, Blame.Provider, TimedOut, PromptAndAnswer, 504, ErrorTypes.Timeout,
            "The router closes the connection while the provider may be working."),
        [FailureClass.IdleTimeout] = new(Anywhere, Blame.Provider, TimedOut, PromptAndAnswer, 504, ErrorTypes.Timeout,
            "The router closes the connection while the provider may be working."),
        [FailureClass.WholeAnswerTimeout] = new(Anywhere, Blame.Provider, TimedOut, PromptAndAnswer, 504, ErrorTypes.Timeout,
            "The router closes the connection while the provider may be working."),
        [FailureClass.TotalTimeout] = new(Stop, Blame.Provider, Abandoned, PromptAndAnswer, 504, ErrorTypes.Timeout,
            "The request's time is over. Earlier attempts may have used it up, so it shows nothing about this endpoint."),
        [FailureClass.ConnectionReset] = new(Anywhere, Blame.Provider, Unreachable, Prompt, 502, ErrorTypes.ProviderUnavailable,
            "The request had been sent when the connection broke."),
        [FailureClass.MalformedAnswer] = new(Anywhere, Blame.Provider, BadAnswer, PromptAndAnswer, 502, ErrorTypes.ProviderUnavailable,
            "The router closes the connection on an answer that it cannot read."),
        [FailureClass.MismatchedAnswer] = new(Elsewhere, Blame.Nobody, Abandoned, PromptAndAnswer, 502, ErrorTypes.ProviderUnavailable,
            "What a caller writes never decides an endpoint's health, and here a caller may have written what made the answer another."),
        [FailureClass.TruncatedAnswer] = new(Anywhere, Blame.Provider, BadAnswer, Prompt, 502, ErrorTypes.ProviderUnavailable,
            "The provider began to answer and stopped."),
        [FailureClass.EmptyAnswer] = new(Anywhere, Blame.Nobody, Abandoned, Prompt, 502, ErrorTypes.ProviderUnavailable,
            "The provider read the prompt and wrote nothing, which the request may have asked for: health learns of it when another endpoint answers."),
        [FailureClass.CallerGone] = new(Stop, Blame.Nobody, Abandoned, PromptAndAnswer, 499, ErrorTypes.Server,
            "The caller cannot read the status: it is in records only."),
        [FailureClass.Cancelled] = new(Stop, Blame.Nobody, Abandoned, PromptAndAnswer, 499, ErrorTypes.Server,
            "Another attempt won: it shows nothing about this endpoint, which may still charge."),
    });

    /// <summary>True when the same request may succeed later at the same endpoint.</summary>
    public bool IsTransient => (Remedy & SameEndpointLater) != 0;

    /// <summary>The traits of a class.</summary>
    public static FailureTraits Of(FailureClass failureClass) => ByClass[(int)failureClass];

    private static FailureTraits[] Index(Dictionary<FailureClass, FailureTraits> rows) =>
        [.. Enum.GetValues<FailureClass>().Select(failureClass => rows[failureClass])];
}
