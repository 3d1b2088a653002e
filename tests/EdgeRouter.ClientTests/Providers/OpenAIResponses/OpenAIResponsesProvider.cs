using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>The Responses API as OpenAI has it: <c>POST responses</c>, a bearer key, nothing stored, and events with numbers.</summary>
/// <param name="key">The key that it knows.</param>
internal sealed class OpenAIResponsesProvider(string key) : IProvider
{
    public string Root => "openai-responses";

    public Prompt Read(HttpRequest request, JsonElement body)
    {
        if (request.Headers.Authorization != $"Bearer {key}") throw new RejectedRequest(RequestFault.WrongKey, "Authorization", "Bearer and the key");
        if (request.Path != $"/{Root}/v1/responses") throw RejectedRequest.Invalid("path", "/v1/responses");
        return OpenAIResponsesRequest.Read(body);
    }

    public Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection)
    {
        var (status, type, code) = rejection.Fault switch
        {
            RequestFault.WrongKey => (401, "invalid_request_error", "invalid_api_key"),
            RequestFault.NoSuchModel => (404, "invalid_request_error", "model_not_found"),
            RequestFault.TooManyRequests => (429, "requests", "rate_limit_exceeded"),
            RequestFault.Overloaded => (500, "server_error", "server_error"),
            _ => (400, "invalid_request_error", "invalid_value"),
        };
        context.Response.StatusCode = status;
        if (status == 429) context.Response.Headers["retry-after-ms"] = "20";
        return context.Response.WriteAsync($$$"""
            {"error":{"message":{{{Json.Quote(rejection.Message)}}},"type":"{{{type}}}","param":{{{Json.Quote(rejection.Member)}}},"code":"{{{code}}}"}}
            """);
    }

    public Task WriteAsync(HttpContext context, Prompt prompt, Reply reply)
    {
        var answer = new OpenAIResponsesAnswer(prompt, reply);
        return prompt.Stream
            ? ProviderAnswer.StreamAsync(context, prompt.Behaviour, [.. answer.Events()], answer.ErrorEvent())
            : ProviderAnswer.SendWholeAsync(context, prompt.Behaviour, answer.Whole());
    }
}
