using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiAnswers;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiErrorReaderTests
{
    [Fact]
    public void Quota_error_in_an_array_tells_when_to_retry() =>
        Assert.Equal(
            new UpstreamError(429, "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED",
                "You exceeded your current quota.\nPlease retry in 37.5s.")
            { RetryAfter = TimeSpan.FromSeconds(37.5) },
            Read(429, Fixture("error-429.json")));

    [Fact]
    public void Plain_error_is_read() =>
        Assert.Equal(new UpstreamError(400, "API_KEY_INVALID", "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
            Read(400, Fixture("error-400.json")));

    [Fact]
    public void Status_of_the_answer_counts_more_than_the_code_inside() =>
        Assert.Equal(503, Read(503, """{"error":{"code":500}}""").Status);

    [Theory]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("{\"error\":", "{\"error\":")]
    [InlineData("{\"error\":\"invalid_grant\"}", "{\"error\":\"invalid_grant\"}")]
    [InlineData("{\"error\":{\"message\":5}}", "{\"error\":{\"message\":5}}")]
    [InlineData("[]", "[]")]
    [InlineData("{\"error\":{\"message\":\"\\ud83d\"}}", "{\"error\":{\"message\":\"\\ud83d\"}}")]
    public void What_cannot_be_read_becomes_the_message(string body, string? message) =>
        Assert.Equal(new UpstreamError(502, null, null, message), Read(502, body));

    [Fact]
    public void Texts_are_cut()
    {
        var text = new string('x', 100_000);

        Assert.Equal(1000, Read(500, text).Message!.Length);
        Assert.Equal(1000, Read(500, $$$"""{"error":{"message":"{{{text}}}"}}""").Message!.Length);
        Assert.Equal(1000, Read(500, $$$"""{"error":{"status":"{{{text}}}"}}""").Type!.Length);
        Assert.Equal(1000, Read(500, $$$"""{"error":{"details":[{"reason":"{{{text}}}"}]}}""").Code!.Length);
    }

    [Fact]
    public void Cut_does_not_split_a_character() => Assert.Equal(999, Read(500, new string('x', 999) + "😀").Message!.Length);

    [Theory]
    [InlineData("37")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("99999999s")]
    [InlineData("s")]
    public void Odd_retry_delay_is_not_told(string delay) =>
        Assert.Null(Read(429, $$$"""{"error":{"details":[{"retryDelay":"{{{delay}}}"}]}}""").RetryAfter);

    [Fact]
    public void Bytes_that_are_no_text_do_not_throw() =>
        Assert.Equal(500, new GeminiWire().ReadError(500, new byte[] { 0xff, 0xfe, 0x00, 0x80 }).Status);

    private static UpstreamError Read(int status, string body) => new GeminiWire().ReadError(status, Bytes(body));
}
