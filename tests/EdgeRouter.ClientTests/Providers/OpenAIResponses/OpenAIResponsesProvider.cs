using System.Text.Json;
using EdgeRouter.ClientTests.Providers.OpenAIChat;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers.OpenAIResponses;

/// <summary>The Responses API as OpenAI has it: <c>POST v1/responses</c>, a bearer key, errors as in its chat API.</summary>
/// <param name="root">First segment of its paths.</param>
/// <param name="key">The key that it knows.</param>
internal sealed class OpenAIResponsesProvider(string root, string key) : IProvider
{
    private readonly OpenAIChatProvider chat = new(root, ProviderModels.Responses, key);

    public string Root => root;

    public Prompt Read(HttpRequest request, JsonElement body)
    {
        if (request.Headers.Authorization != $"Bearer {key}") throw new RejectedRequest(RequestFault.WrongKey, "Authorization", "Bearer and the key");
        if (request.Path != $"/{root}/v1/responses") throw RejectedRequest.Invalid("path", "/v1/responses");
        return OpenAIResponsesRequest.Read(body);
    }

    public Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection) => chat.WriteRejectionAsync(context, rejection);

    public Task WriteAsync(HttpContext context, Prompt prompt, Reply reply)
    {
        var answer = new OpenAIResponsesAnswer(prompt, reply);
        return prompt.Stream
            ? ProviderAnswer.StreamAsync(context, prompt.Behaviour, [.. answer.Events()],
                "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"The server had an error.\",\"param\":null,"
                    + "\"sequence_number\":9}\n\n")
            : ProviderAnswer.SendWholeAsync(context, prompt.Behaviour, answer.Whole());
    }
}
