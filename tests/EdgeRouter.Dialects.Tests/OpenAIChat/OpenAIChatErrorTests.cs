using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatErrorTests
{
    public static TheoryData<string, UpstreamError> Bodies => new()
    {
        { """{"error":{"message":"Too long","type":"invalid_request_error","code":"context_length_exceeded","param":"messages"}}""",
            new(400, "context_length_exceeded", "invalid_request_error", "Too long") },
        { """{"error":{"message":"No","type":null,"code":null,"param":null}}""", new(400, null, null, "No") },
        { """{"error":"plain"}""", new(400, null, null, "plain") },
        { """{"error":"plain","code":"c","type":"t"}""", new(400, "c", "t", "plain") },
        { """{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}""", new(400, null, "BadRequestError", "bad") },
        { """{"message":"m","request_id":"r"}""", new(400, null, null, "m") },
        { """{"detail":"Not Found"}""", new(400, null, null, "Not Found") },
        { """{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"},{"loc":["body"],"msg":"bad"}]}""",
            new(400, null, null, "body.messages.0: field required; body: bad") },
        { """{"detail":{"message":"inner"}}""", new(400, null, null, "inner") },
        { """[{"error":{"code":400,"message":"Google","status":"INVALID_ARGUMENT"}}]""", new(400, null, "INVALID_ARGUMENT", "Google") },
        { """{"errors":[{"code":7003,"message":"Cloudflare"}],"success":false}""", new(400, "7003", null, "Cloudflare") },
        { """{"error":{"code":"1301","message":"GLM"}}""", new(400, "1301", null, "GLM") },
        { """{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down","error_type":"rate_limit_exceeded"}}}""",
            new(400, null, "rate_limit_exceeded", "Provider returned error: slow down") },
        { """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", new(400, null, "overloaded_error", "Overloaded") },
        { """{"message":{"detail":[1,2]}}""", new(400, null, null, """{"detail":[1,2]}""") },
        { """{"error":{"message":"lone \ud83d"}}""", new(400, null, null, "lone \ud83d") },
        { """{"\ud800":1}""", new(400, null, null, """{"\ud800":1}""") },
        { """{"\ud83dcode":1,"error":{"\udc00type":"t"}}""", new(400, null, null, """{"\ud83dcode":1,"error":{"\udc00type":"t"}}""") },
        { """{"error":null,"message":"m"}""", new(400, null, null, "m") },
        { """{"error":{}}""", new(400, null, null, "{}") },
        { """{"weird":1}""", new(400, null, null, """{"weird":1}""") },
        { "\"text\"", new(400, null, null, "text") },
        { "[]", new(400, null, null, null) },
        { "null", new(400, null, null, null) },
        { "", new(400, null, null, null) },
        { "  \r\n ", new(400, null, null, null) },
        { "upstream connect error", new(400, null, null, "upstream connect error") },
        { "{\"error\":{\"mess", new(400, null, null, "{\"error\":{\"mess") },
        { "<html><head><TITLE> 502 Bad Gateway </TITLE></head></html>", new(400, null, null, "502 Bad Gateway") },
        { "<!doctype html><p>secret", new(400, null, null, "An HTML page without a title.") },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Bodies_are_understood(string body, UpstreamError expected)
    {
        var error = Samples.Wire.ReadError(400, Encoding.UTF8.GetBytes(body));

        // A body that says only what the reader could not place is kept as it is.
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Texts_are_bounded_and_never_cut_an_emoji()
    {
        var text = new string('x', 999) + "😀" + new string('y', 100_000);
        string[] bodies = [text, $$$"""{"error":{"message":"{{{text}}}","code":"{{{text}}}","type":"{{{text}}}"}}""",
            $$"""{"detail":[{"msg":"{{text}}"},{"msg":"z"}]}""", "<title>" + text + "</title>"];
        foreach (var body in bodies)
        {
            var error = Samples.Wire.ReadError(500, Encoding.UTF8.GetBytes(body));
            foreach (var part in new[] { error.Message, error.Code, error.Type })
                Assert.True(part is null || (part.Length <= 1000 && !char.IsHighSurrogate(part[^1])));
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var alphabet = "{}[]\":,errormsagdtil0159\\u<> \n\u00ff"u8.ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var body = new byte[random.Next(60)];
            for (var i = 0; i < body.Length; i++) body[i] = random.Next(20) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            Assert.Equal(502, Samples.Wire.ReadError(502, body).Status);
        }
    }

    [Fact]
    public void Envelope_has_an_integer_code_and_the_type_in_metadata() => Assert.Equal(
        """{"error":{"code":429,"message":"Slow \"down\" é","metadata":{"error_type":"rate_limit_exceeded"}}}""",
        Written(new RouterError(429, ErrorTypes.RateLimitExceeded, "Slow \"down\" é")));

    [Fact]
    public void Field_metadata_and_availability_are_told()
    {
        var error = RouterError.InvalidField("model", "unknown") with
        {
            Metadata = new JsonObject
            {
                ["error_type"] = "ignored",
                ["provider_name"] = null,
                ["previous_errors"] = new JsonArray(new JsonObject { ["code"] = 500 })
            },
            Availability = new JsonObject { ["code"] = "model_not_found", ["retryable"] = false },
        };

        Assert.Equal(
            """{"error":{"code":400,"message":"model: unknown","param":"model","metadata":{"error_type":"invalid_request","provider_name":null"""
                + ""","previous_errors":[{"code":500}]},"error_type":"invalid_request","http_status":400"""
                + ""","availability":{"code":"model_not_found","retryable":false}}}""",
            Written(error));
    }

    private static string Written(RouterError error) => Samples.Text(output => new OpenAIChatCallerApi().WriteError(error, output));
}
