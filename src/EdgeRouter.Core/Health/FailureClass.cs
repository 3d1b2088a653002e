namespace EdgeRouter.Core.Health;

/// <summary>What went wrong with an attempt: a closed set. The consequences of each class are in one table, <see cref="FailureTraits"/>.</summary>
public enum FailureClass
{
    /// <summary>The request is invalid for every provider.</summary>
    InvalidRequest,

    /// <summary>Prompt and output do not fit the endpoint's context.</summary>
    ContextLength,

    /// <summary>More output tokens requested than the endpoint allows.</summary>
    MaxTokens,

    /// <summary>The provider's policy forbids the content.</summary>
    ContentPolicy,

    /// <summary>An image or file could not be fetched or decoded by the provider.</summary>
    InvalidImage,

    /// <summary>This provider refuses something that another may accept: a parameter, a schema keyword, an input kind.</summary>
    UnsupportedFeature,

    /// <summary>The provider does not know the router's credential.</summary>
    Authentication,

    /// <summary>The account behind the router's credential is out of money. Waiting does not help.</summary>
    CreditsExhausted,

    /// <summary>The router's credential may not do this (model access, region, terms not accepted).</summary>
    PermissionDenied,

    /// <summary>The provider does not serve the model, or there is nothing at the address: the catalog row is wrong or stale.</summary>
    ModelNotFound,

    /// <summary>The body is too large for the provider.</summary>
    PayloadTooLarge,

    /// <summary>Too many requests or tokens in a short time.</summary>
    RateLimited,

    /// <summary>A daily or monthly allowance is used up. It is renewed, but not soon.</summary>
    QuotaExhausted,

    /// <summary>The provider lacks capacity for all its customers.</summary>
    Overloaded,

    /// <summary>The provider failed.</summary>
    ServerError,

    /// <summary>A proxy in front of the provider failed, or answered in its place.</summary>
    BadGateway,

    /// <summary>The provider reported a timeout (408, 504, 524).</summary>
    ProviderTimeout,

    /// <summary>No connection: name resolution, refusal, TLS or the connect timeout. Nothing was sent.</summary>
    ConnectFailed,

    /// <summary>Response headers did not arrive in time.</summary>
    HeadersTimeout,

    /// <summary>The first real token did not arrive in time.</summary>
    FirstTokenTimeout,

    /// <summary>No data from the stream in time.</summary>
    IdleTimeout,

    /// <summary>The whole answer of a request that is not streamed did not arrive in time.</summary>
    WholeAnswerTimeout,

    /// <summary>The time for the whole request is over.</summary>
    TotalTimeout,

    /// <summary>The connection broke after the request was sent.</summary>
    ConnectionReset,

    /// <summary>The bytes do not match the wire format, or exceed a bound.</summary>
    MalformedAnswer,

    /// <summary>The answer is well formed and not what was asked for, of which the request may be the cause.</summary>
    MismatchedAnswer,

    /// <summary>The answer ended before its end.</summary>
    TruncatedAnswer,

    /// <summary>The answer is complete and empty.</summary>
    EmptyAnswer,

    /// <summary>The caller disconnected.</summary>
    CallerGone,

    /// <summary>Another attempt won, and the router cancelled this one.</summary>
    Cancelled,
}
