using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.TestSupport.EventStreams;
using EdgeRouter.TestSupport.Signatures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.TestSupport.Converse;

/// <summary>
/// A provider of Converse and ConverseStream: checks signature and shape of what it receives, and answers as its model's name says. The router's tests and
/// Amazon's own client talk to the same one, so that it is honest.
/// </summary>
public static class ConverseProvider
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string SessionToken = "session-token-0123456789";
    public const string ApiKey = "bedrock-api-key-0123456789";
    public const string Region = "eu-west-1";

    private const string Path = "/model/";

    /// <summary>Answers a request whose body was read.</summary>
    public static async Task AnswerAsync(HttpContext context, byte[] body)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (FindCredentialFault(context, target, body) is { } refused)
        {
            await FailAsync(context, 403, "InvalidSignatureException", refused);
            return;
        }
        var path = target[(target.IndexOf(Path, StringComparison.Ordinal) + Path.Length)..].Split('/');
        if (path is not [var name, "converse" or "converse-stream"] || context.Request.Method != "POST")
        {
            await FailAsync(context, 404, "UnknownOperationException", $"no operation {context.Request.Method} {target}");
            return;
        }
        var model = Uri.UnescapeDataString(name);
        var scenario = model[(model.LastIndexOfAny(['/', ':']) + 1)..];
        JsonObject request;
        try
        {
            request = JsonNode.Parse(body)!.AsObject();
            ConverseShapes.Check(request);
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.Text.Json.JsonException or FormatException)
        {
            await FailAsync(context, 400, "ValidationException", fault.Message);
            return;
        }
        if (scenario == "throttled") await FailAsync(context, 429, "ThrottlingException", "Too many tokens, please wait before trying again.");
        else if (path[1] == "converse") await WriteWholeAsync(context, scenario, ConverseAnswer.To(request, scenario));
        else await StreamAsync(context, scenario, ConverseAnswer.To(request, scenario));
    }

    private static string? FindCredentialFault(HttpContext context, string target, byte[] body)
    {
        if (context.Request.Headers.Authorization == $"Bearer {ApiKey}") return null;
        var headers = SignedRequest.Index(context.Request.Headers.Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString())));
        if (headers.TryGetValue("X-Amz-Security-Token", out var session) && session != SessionToken) return "the session is not known";
        return SigV4Verifier.FindFault(new SignedRequest(context.Request.Method, target, headers, body), AccessKeyId, SecretAccessKey, Region + "/bedrock");
    }

    private static async Task WriteWholeAsync(HttpContext context, string scenario, ConverseAnswer answer)
    {
        if (scenario == "stuck") await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Whole.ToJsonString(), context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, string scenario, ConverseAnswer answer)
    {
        context.Response.ContentType = "application/vnd.amazon.eventstream";
        var messages = answer.Events.Select(static one => EventStreamMessage.Event(one.Type, one.Payload.ToJsonString())).ToList();
        var half = messages.Count / 2;
        if (scenario == "broken")
        {
            const string Broke = """{"message":"The model broke.","originalStatusCode":500}""";
            messages = [.. messages[..half], EventStreamMessage.Exception("modelStreamErrorException", Broke)];
        }
        else if (scenario is "cut" or "stuck") messages = messages[..half];
        else if (scenario == "corrupt") messages[half][^1] ^= 1;
        foreach (var message in messages)
        {
            // In two pieces, as it may be split on the way.
            await context.Response.Body.WriteAsync(message.AsMemory(0, message.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(message.AsMemory(message.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        if (scenario == "stuck") await Task.Delay(Timeout.Infinite, context.RequestAborted);
        if (scenario == "cut") context.Abort();
    }

    private static async Task FailAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["x-amzn-ErrorType"] = $"{type}:http://internal.amazon.com/coral/com.amazon.bedrock/";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(new JsonObject { ["message"] = message }.ToJsonString()), context.RequestAborted);
    }
}
