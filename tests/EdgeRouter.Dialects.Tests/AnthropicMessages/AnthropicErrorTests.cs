using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using Xunit;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicErrorTests
{
    private static UpstreamError Read(int status, byte[] body) => new AnthropicMessagesWire().ReadError(status, body);

    private static UpstreamError Read(int status, string body) => Read(status, Encoding.UTF8.GetBytes(body));

    [Theory]
    [InlineData(400, "invalid_request_error", "max_tokens: Field required")]
    [InlineData(401, "authentication_error", "invalid x-api-key")]
    [InlineData(403, "permission_error", "Your API key does not have permission")]
    [InlineData(404, "not_found_error", "model: claude-9")]
    [InlineData(413, "request_too_large", "Request exceeds the maximum size")]
    [InlineData(429, "rate_limit_error", "Number of request tokens has exceeded your per-minute rate limit")]
    [InlineData(500, "api_error", "Internal server error")]
    [InlineData(529, "overloaded_error", "Overloaded")]
    public void Errors_of_the_api_tell_type_and_message(int status, string type, string message) =>
        Assert.Equal(
            new UpstreamError(status, null, type, message),
            Read(status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}"""));

    [Theory]
    [InlineData("""{"error":{"code":"1301","message":"filtered"}}""", "1301", null, "filtered")]
    [InlineData("""{"error":{"code":1301,"message":"filtered"}}""", "1301", null, "filtered")]
    [InlineData("""{"error":"no such model"}""", null, null, "no such model")]
    [InlineData("""{"message":"Too many requests"}""", null, null, "Too many requests")]
    [InlineData("""{"detail":"Not Found"}""", null, null, "Not Found")]
    [InlineData("""{"code":"x","error":null,"message":"m"}""", "x", null, "m")]
    [InlineData("""{"error":{}}""", null, null, null)]
    [InlineData("{}", null, null, null)]
    [InlineData("<html>502 Bad Gateway</html>", null, null, "<html>502 Bad Gateway</html>")]
    [InlineData("[1]", null, null, "[1]")]
    [InlineData("upstream connect error\n", null, null, "upstream connect error")]
    [InlineData("", null, null, null)]
    [InlineData("  ", null, null, null)]
    [InlineData("""{"error":{"message":"\ud800"}}""", null, null, """{"error":{"message":"\ud800"}}""")]
    public void Whatever_else_comes_is_read_as_far_as_it_goes(string body, string? code, string? type, string? message) =>
        Assert.Equal(new UpstreamError(502, code, type, message), Read(502, body));

    [Fact]
    public void Texts_are_bounded()
    {
        var error = Read(400, $$$"""{"error":{"type":"{{{new string('t', 5000)}}}","message":"{{{new string('m', 999) + "😀" + new string('m', 5000)}}}"}}""");

        Assert.Equal(new string('m', 999), error.Message); // not half a character
        Assert.Equal(100, error.Type!.Length);
        Assert.Equal(1000, Read(502, new string('x', 1_000_000)).Message!.Length);
        Assert.Equal(1000, Read(502, "{\"error\":{\"message\":\"" + new string('x', 1_000_000) + "\"}}").Message!.Length);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            Assert.Equal(500, Read(500, body).Status);
        }
    }
}
