using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers.OpenAIChat;

/// <summary>
/// The Chat Completions API, as OpenAI and DeepSeek have it: <c>POST chat/completions</c>, a bearer key, errors with message, type, param and code.
/// </summary>
/// <param name="root">First segment of its paths.</param>
/// <param name="family">Its models.</param>
/// <param name="key">The key that it knows.</param>
internal sealed class OpenAIChatProvider(string root, string family, string key) : IProvider
{
    public string Root => root;

    private bool IsDeepSeek => family == ProviderModels.DeepSeek;

    public Prompt Read(HttpRequest request, JsonElement body)
    {
        if (request.Headers.Authorization != $"Bearer {key}") throw new RejectedRequest(RequestFault.WrongKey, "Authorization", "Bearer and the key");
        var path = IsDeepSeek ? "/chat/completions" : "/v1/chat/completions";
        if (request.Path != $"/{root}{path}") throw RejectedRequest.Invalid("path", path);
        return OpenAIChatRequest.Read(body, family);
    }

    public Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection)
    {
        var (status, type, code, message) = rejection.Fault switch
        {
            RequestFault.UnknownMember => (400, "invalid_request_error", "unknown_parameter", $"Unknown parameter: '{rejection.Member}'."),
            RequestFault.MissingMember => (400, "invalid_request_error", "missing_required_parameter", $"Missing required parameter: '{rejection.Member}'."),
            RequestFault.WrongType => (400, "invalid_request_error", "invalid_type", $"Invalid type for '{rejection.Member}': expected {rejection.Detail}."),
            RequestFault.WrongKey => (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
            RequestFault.NoSuchModel =>
                (404, "invalid_request_error", "model_not_found", $"The model `{rejection.Detail}` does not exist or you do not have access to it."),
            RequestFault.TooManyRequests => (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests. Please try again in 20ms."),
            RequestFault.Overloaded => (500, "server_error", null, "The server had an error while processing your request. Sorry about that!"),
            _ => (400, "invalid_request_error", "invalid_value", $"Invalid value for '{rejection.Member}': expected {rejection.Detail}."),
        };
        context.Response.StatusCode = status;
        if (status == 429) context.Response.Headers["retry-after-ms"] = "20";
        var quoted = code is null ? "null" : Json.Quote(code);
        var error = $$"""{"message":{{Json.Quote(message)}},"type":"{{type}}","param":{{Json.Quote(rejection.Member)}},"code":{{quoted}}}""";
        return context.Response.WriteAsync($$"""{"error":{{error}}}""");
    }

    public Task WriteAsync(HttpContext context, Prompt prompt, Reply reply)
    {
        var answer = new OpenAIChatAnswer(prompt, reply, tellsThoughts: IsDeepSeek);
        return prompt.Stream
            ? ProviderAnswer.StreamAsync(context, prompt.Behaviour, [.. answer.Events()],
                "data: {\"error\":{\"message\":\"The server had an error while processing your request.\",\"type\":\"server_error\",\"param\":null,"
                    + "\"code\":null}}\n\n")
            : ProviderAnswer.SendWholeAsync(context, prompt.Behaviour, answer.Whole());
    }
}
