using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers.AnthropicMessages;

/// <summary>The Messages API: <c>POST messages</c>, the key in x-api-key, a version header, errors with a type and a message.</summary>
internal sealed class AnthropicMessagesProvider(string key) : IProvider
{
    public string Root => "anthropic";

    public Prompt Read(HttpRequest request, JsonElement body)
    {
        if (request.Headers["x-api-key"] != key) throw new RejectedRequest(RequestFault.WrongKey, "x-api-key", "the key");
        if (request.Headers["anthropic-version"] != "2023-06-01") throw new RejectedRequest(RequestFault.MissingMember, "anthropic-version", "a version");
        if (request.Path != "/anthropic/v1/messages") throw RejectedRequest.Invalid("path", "/v1/messages");
        return AnthropicMessagesRequest.Read(body);
    }

    public Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection)
    {
        var (status, type, message) = rejection.Fault switch
        {
            RequestFault.UnknownMember => (400, "invalid_request_error", $"{rejection.Member}: Extra inputs are not permitted"),
            RequestFault.MissingMember => (400, "invalid_request_error", $"{rejection.Member}: Field required"),
            RequestFault.WrongKey => (401, "authentication_error", "invalid x-api-key"),
            RequestFault.NoSuchModel => (404, "not_found_error", $"model: {rejection.Detail}"),
            RequestFault.TooManyRequests => (429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute."),
            RequestFault.Overloaded => (529, "overloaded_error", "Overloaded"),
            _ => (400, "invalid_request_error", $"{rejection.Member}: Input should be {rejection.Detail}"),
        };
        context.Response.StatusCode = status;
        // Unlike the others, it says only here when to come back.
        if (status == 429) context.Response.Headers.RetryAfter = "1";
        var error = $$"""{"type":"{{type}}","message":{{Json.Quote(message)}}}""";
        return context.Response.WriteAsync($$"""{"type":"error","error":{{error}},"request_id":"req_small"}""");
    }

    public Task WriteAsync(HttpContext context, Prompt prompt, Reply reply)
    {
        var answer = new AnthropicMessagesAnswer(prompt, reply);
        return prompt.Stream
            ? ProviderAnswer.StreamAsync(context, prompt.Behaviour, [.. answer.Events()],
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
            : ProviderAnswer.SendWholeAsync(context, prompt.Behaviour, answer.Whole());
    }
}
