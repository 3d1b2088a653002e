using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>
/// What can go wrong at a provider before its first token, by name: for streams and for whole answers, with two outcomes where the two differ.
/// </summary>
internal static class Misfortunes
{
    private static readonly Dictionary<string, (ProviderAnswer Answer, string Outcome, int? Status)> All = new()
    {
        ["status 500"] = (OpenAIWire.Fails(500), "ServerError", 500),
        ["status 503"] = (OpenAIWire.Fails(503, "The engine is currently overloaded, please try again later."), "Overloaded", 503),
        ["status 429 with Retry-After"] = (OpenAIWire.Fails(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded", ("Retry-After", "7")),
            "RateLimited", 429),
        ["status 401 for our credential"] = (OpenAIWire.Fails(401, "Incorrect API key provided: sk-vend***cdef.", "invalid_request_error", "invalid_api_key"),
            "Authentication", 401),
        ["status 404 for the model"] = (OpenAIWire.Fails(404, "The model does not exist or you do not have access to it.", "invalid_request_error",
            "model_not_found"), "ModelNotFound", 404),
        ["error page of a proxy"] = (ProviderAnswer.Body(502, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>", "text/html"),
            "BadGateway", 502),
        ["redirect"] = (ProviderAnswer.Body(302, "", "text/plain", ("Location", "http://127.0.0.1:9/elsewhere")), "BadGateway", 302),
        ["HTML page with status 200"] = (ProviderAnswer.Body(200, "<html><head><title>Maintenance</title></head></html>", "text/html"), "MalformedAnswer", 200),
        ["error object with status 200"] = (
            ProviderAnswer.ByMode(ProviderAnswer.Stream($"data: {OpenAIWire.Error("The server is overloaded", "server_error", "server_error")}\n\n"),
            ProviderAnswer.Body(200, OpenAIWire.Error("The server is overloaded", "server_error", "server_error"))), "ServerError", 200),
        ["malformed JSON"] = (ProviderAnswer.ByMode(ProviderAnswer.Stream("data: {\"id\":\"chatcmpl-B1\",\"choices\":[{\n\n"),
            ProviderAnswer.Body(200, "{\"id\":\"chatcmpl-B1\",\"choices\":[{")), "MalformedAnswer", 200),
        ["answer with nothing in it"] = (ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done),
            ProviderAnswer.Body(200, OpenAIWire.Whole(""))), "EmptyAnswer", 200),
        ["empty body"] = (ProviderAnswer.ByMode(ProviderAnswer.Stream(""), ProviderAnswer.Body(200, "")), "TruncatedAnswer, MalformedAnswer", 200),
        ["reset before the headers"] = (ProviderAnswer.OverTcp(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        }), "ConnectionReset", null),
        ["closed before the headers"] = (ProviderAnswer.OverTcp(_ => Task.CompletedTask), "ConnectionReset", null),
        ["no HTTP at all"] = (ProviderAnswer.OverTcp(connection => connection.SendAsync("SSH-2.0-OpenSSH_9.2\r\n")), "MalformedAnswer", null),
        ["reset after the headers"] = (ProviderAnswer.OverTcp(async connection =>
        {
            await connection.SendAsync(connection.Request.WantsStream
                ? RawConnection.StreamHead : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n");
            connection.Reset();
        }), "ConnectionReset", 200),
        ["half an answer"] = (ProviderAnswer.OverTcp(async connection =>
        {
            var whole = OpenAIWire.Whole("Never seen");
            if (connection.Request.WantsStream) await connection.SendAsync(RawConnection.StreamHead + "100\r\n" + OpenAIWire.Role[..40]);
            else await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {whole.Length}\r\n\r\n{whole[..100]}");
        }), "ConnectionReset", 200),
    };

    public static IEnumerable<string> Names => All.Keys;

    public static ProviderAnswer Answer(string name) => All[name].Answer;

    /// <summary>Class in the record's provider_responses.</summary>
    public static string Outcome(string name, bool stream)
    {
        var outcomes = All[name].Outcome.Split(", ");
        return stream ? outcomes[0] : outcomes[^1];
    }

    /// <summary>Provider's status in the record; null: none came.</summary>
    public static int? Status(string name) => All[name].Status;
}
