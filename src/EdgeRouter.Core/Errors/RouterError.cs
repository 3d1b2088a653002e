namespace EdgeRouter.Core.Errors;

/// <summary>The closed set of error types that callers see, in the spelling of OpenRouter's API.</summary>
public static class ErrorTypes
{
    /// <summary>400: malformed or invalid request.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>400: prompt and output do not fit the context.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    /// <summary>400: too many output tokens requested.</summary>
    public const string MaxTokensExceeded = "max_tokens_exceeded";

    /// <summary>400: the provider's policy forbids the content.</summary>
    public const string ContentPolicyViolation = "content_policy_violation";

    /// <summary>400: an image cannot be used.</summary>
    public const string InvalidImage = "invalid_image";

    /// <summary>400: an image cannot be fetched.</summary>
    public const string ImageDownloadFailed = "image_download_failed";

    /// <summary>400: an image is too large.</summary>
    public const string ImageTooLarge = "image_too_large";

    /// <summary>400: an image is of no known format.</summary>
    public const string UnsupportedImageFormat = "unsupported_image_format";

    /// <summary>401.</summary>
    public const string Authentication = "authentication";

    /// <summary>402.</summary>
    public const string PaymentRequired = "payment_required";

    /// <summary>403.</summary>
    public const string PermissionDenied = "permission_denied";

    /// <summary>404.</summary>
    public const string NotFound = "not_found";

    /// <summary>413.</summary>
    public const string PayloadTooLarge = "payload_too_large";

    /// <summary>422.</summary>
    public const string Unprocessable = "unprocessable";

    /// <summary>429.</summary>
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>500.</summary>
    public const string Server = "server";

    /// <summary>502.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    /// <summary>503.</summary>
    public const string ProviderOverloaded = "provider_overloaded";

    /// <summary>504.</summary>
    public const string Timeout = "timeout";
}

/// <summary>
/// An error as the caller sees it, before it is written in the caller API's format. Messages are for the caller: they never hold secrets, and texts
/// of providers in them are bounded in length.
/// </summary>
/// <param name="Status">HTTP status; also <c>error.code</c>.</param>
/// <param name="Type">One of <see cref="ErrorTypes"/>.</param>
/// <param name="Message">Text for people.</param>
public sealed record RouterError(int Status, string Type, string Message)
{
    /// <summary>The place at fault, as the caller API spells it: <c>messages[0].content</c>; null: not about a place, or not spelled yet.</summary>
    public string? Field { get; init; }

    /// <summary>The fact at fault, until a caller API spells it; null: none, or spelled.</summary>
    public RequestFault? Fault { get; init; }

    /// <summary>What it is about, beyond the message; null: nothing.</summary>
    public ErrorDetails? Details { get; init; }

    /// <summary>When to try again; becomes Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A 400 that names the field and what was expected.</summary>
    public static RouterError InvalidField(string field, string expected) =>
        new(400, ErrorTypes.InvalidRequest, $"{field}: {expected}") { Field = field };

    /// <summary>A 400 about a fact of the request, which the caller API names.</summary>
    public static RouterError InvalidFact(RequestFault fault, string expected) => new(400, ErrorTypes.InvalidRequest, expected) { Fault = fault };

    /// <summary>The same with the fault spelled.</summary>
    public RouterError SpelledAs(string field) => this with { Message = $"{field}: {Message}", Field = field, Fault = null };
}

/// <summary>
/// Carries a <see cref="RouterError"/> to the Errors stage. For faults of requests and configuration; network trouble is returned, not thrown.
/// </summary>
public sealed class RouterException : Exception
{
    /// <summary>Wraps the error.</summary>
    public RouterException(RouterError error) : base(error.Message) => Error = error;

    /// <summary>Wraps the error with its cause.</summary>
    public RouterException(RouterError error, Exception cause) : base(error.Message, cause) => Error = error;

    /// <summary>The error for the caller.</summary>
    public RouterError Error { get; }
}
