using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Errors of the scripted provider, in the words that real providers use for them, classified like theirs.</summary>
internal static class ScriptedErrors
{
    /// <summary>The error inside a stream.</summary>
    public static readonly UpstreamError Midstream = new(null, null, "overloaded_error", "Overloaded");

    public static UpstreamFailure ContextLength() =>
        Make(400, "context_length_exceeded", "invalid_request_error",
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.");

    public static UpstreamFailure ModelNotFound(string name) => Make(404, "model_not_found", "invalid_request_error", $"The model `{name}` does not exist.");

    public static UpstreamFailure UnknownTool(string name) =>
        Make(400, "invalid_value", "invalid_request_error", $"Tool choice '{name}' not found in 'tools' parameter.");

    public static UpstreamFailure Of(int status) => status switch
    {
        400 => Make(400, "invalid_value", "invalid_request_error", "Invalid value for 'temperature'."),
        401 => Make(401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided."),
        402 => Make(402, "invalid_request_error", "unknown_error", "Insufficient Balance"),
        403 => Make(403, null, "permission_error", "Your API key does not have permission to use the specified resource."),
        404 => Make(404, "model_not_found", "invalid_request_error", "The model does not exist or you do not have access to it."),
        413 => Make(413, null, "request_too_large", "Request exceeds the maximum size"),
        422 => Make(422, null, "invalid_request_error", "Input should be a valid list"),
        429 => Make(429, "rate_limit_exceeded", "requests", "Rate limit reached. Please try again in 2s."),
        500 => Make(500, null, "server_error", "The server had an error while processing your request. Sorry about that!"),
        503 => Make(503, null, "service_unavailable", "The engine is currently overloaded, please try again later"),
        529 => Make(529, null, "overloaded_error", "Overloaded"),
        _ => Make(status, null, "api_error", string.Create(CultureInfo.InvariantCulture, $"Request failed with status {status}")),
    };

    private static UpstreamFailure Make(int status, string? code, string type, string message)
    {
        var error = new UpstreamError(status, code, type, message);
        return new UpstreamFailure(FailureClassifier.Classify(DialectNames.Scripted, status, error), status, error, RetryAfterReader.FromMessage(message))
        {
            Raw = JsonSerializer.Serialize(new { error = new { message, type, code } }),
        };
    }
}
