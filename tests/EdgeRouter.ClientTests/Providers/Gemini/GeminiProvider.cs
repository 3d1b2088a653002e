using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers.Gemini;

/// <summary>
/// The Gemini API: <c>POST models/{model}:generateContent</c> and <c>:streamGenerateContent?alt=sse</c>, the key in x-goog-api-key, errors of
/// Google's APIs.
/// </summary>
internal sealed class GeminiProvider(string key) : IProvider
{
    private const string Models = "/gemini/v1beta/models/";

    public string Root => "gemini";

    public Prompt Read(HttpRequest request, JsonElement body)
    {
        if (request.Headers["x-goog-api-key"] != key) throw new RejectedRequest(RequestFault.WrongKey, "x-goog-api-key", "the key");
        var path = request.Path.Value!;
        if (!path.StartsWith(Models, StringComparison.Ordinal) || path[Models.Length..].Split(':') is not [var model, var method])
            throw RejectedRequest.Invalid("path", "models/{model}:{method}");
        var stream = method switch
        {
            "generateContent" => false,
            "streamGenerateContent" when request.Query["alt"] == "sse" => true,
            _ => throw RejectedRequest.Invalid("path", "generateContent, or streamGenerateContent with alt=sse"),
        };
        return GeminiRequest.Read(body, model, stream);
    }

    public Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection)
    {
        var (code, status, message) = rejection.Fault switch
        {
            RequestFault.UnknownMember => (400, "INVALID_ARGUMENT", $"Invalid JSON payload received. Unknown name \"{rejection.Member}\": Cannot find field."),
            RequestFault.MissingMember => (400, "INVALID_ARGUMENT", $"* GenerateContentRequest.{rejection.Member}: is not specified\n"),
            RequestFault.WrongKey => (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
            RequestFault.NoSuchModel =>
                (404, "NOT_FOUND", $"models/{rejection.Detail} is not found for API version v1beta, or is not supported for generateContent."),
            RequestFault.TooManyRequests =>
                (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details. Please retry in 0.02s."),
            RequestFault.Overloaded => (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
            _ => (400, "INVALID_ARGUMENT", $"* GenerateContentRequest.{rejection.Member}: expected {rejection.Detail}\n"),
        };
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(Error(code, status, message, code == 429 ? RetryInfo : ""));
    }

    public Task WriteAsync(HttpContext context, Prompt prompt, Reply reply)
    {
        var answer = new GeminiAnswer(prompt, reply);
        return prompt.Stream
            ? ProviderAnswer.StreamAsync(context, prompt.Behaviour, [.. answer.Events()],
                $"data: {Error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")}\r\n\r\n")
            : ProviderAnswer.SendWholeAsync(context, prompt.Behaviour, answer.Whole());
    }

    private const string RetryInfo = ""","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.02s"}]""";

    private static string Error(int code, string status, string message, string details = "") => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"error":{"code":{{{code}}},"message":{{{Json.Quote(message)}}},"status":"{{{status}}}"{{{details}}}}}""");
}
