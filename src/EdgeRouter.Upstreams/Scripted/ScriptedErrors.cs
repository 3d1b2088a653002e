using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>An error of the scripted provider.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Code in the body.</param>
/// <param name="Type">Type in the body.</param>
/// <param name="Message">Text in the body.</param>
internal sealed record ScriptedError(int Status, string? Code, string Type, string Message)
{
    /// <summary>Value of the Retry-After header, in seconds; null: none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The body, in OpenAI's shape.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new { error = new { message = Message, type = Type, param = (string?)null, code = Code } });
}

/// <summary>Errors of the scripted provider, in the words that real providers use for them.</summary>
internal static class ScriptedErrors
{
    /// <summary>The error inside an answer that had begun.</summary>
    public static readonly ScriptedError Midstream = new(200, null, "overloaded_error", "Overloaded");

    public static readonly ScriptedError NotFound = new(404, null, "invalid_request_error",
        "Invalid URL: only POST /chat/completions, /embeddings and /rerank are served here.");

    public static readonly ScriptedError ContextLength = new(400, "context_length_exceeded", "invalid_request_error",
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.");

    public static readonly ScriptedError TooManyDimensions = new(400, "invalid_value", "invalid_request_error",
        string.Create(CultureInfo.InvariantCulture, $"Invalid value for 'dimensions': at most {ScriptedEmbeddings.MaxDimensions}."));

    /// <summary>What a socket throws when the other side resets the connection.</summary>
    public static IOException ConnectionReset() => new("The connection was reset.", new SocketException((int)SocketError.ConnectionReset));

    /// <summary>What a client throws when the port is closed.</summary>
    public static HttpRequestException ConnectionRefused() =>
        new(HttpRequestError.ConnectionError, "The connection was refused.", new SocketException((int)SocketError.ConnectionRefused));

    public static ScriptedError ModelNotFound(string name) => new(404, "model_not_found", "invalid_request_error", $"The model `{name}` does not exist.");

    public static ScriptedError UnknownTool(string name) =>
        new(400, "invalid_value", "invalid_request_error", $"Tool choice '{name}' not found in 'tools' parameter.");

    public static ScriptedError InvalidRequest(string message) => new(400, "invalid_value", "invalid_request_error", message);

    public static ScriptedError Of(int status) => status switch
    {
        400 => InvalidRequest("Invalid value for 'temperature'."),
        401 => new(401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided."),
        402 => new(402, "invalid_request_error", "unknown_error", "Insufficient Balance"),
        403 => new(403, null, "permission_error", "Your API key does not have permission to use the specified resource."),
        404 => new(404, "model_not_found", "invalid_request_error", "The model does not exist or you do not have access to it."),
        413 => new(413, null, "request_too_large", "Request exceeds the maximum size"),
        422 => new(422, null, "invalid_request_error", "Input should be a valid list"),
        429 => new(429, "rate_limit_exceeded", "requests", "Rate limit reached. Please try again in 2s.") { RetryAfter = 2 },
        500 => new(500, null, "server_error", "The server had an error while processing your request. Sorry about that!"),
        503 => new(503, null, "service_unavailable", "The engine is currently overloaded, please try again later"),
        529 => new(529, null, "overloaded_error", "Overloaded"),
        _ => new(status, null, "api_error", string.Create(CultureInfo.InvariantCulture, $"Request failed with status {status}")),
    };
}
