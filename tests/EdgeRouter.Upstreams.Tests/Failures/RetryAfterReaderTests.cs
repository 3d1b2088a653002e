using System.Text;
using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

public class RetryAfterReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", "0", 0)]
    [InlineData("Retry-After", "1.5", 1.5)]
    [InlineData("Retry-After", "30s", 30)]
    [InlineData("Retry-After", "Fri, 20 Nov 2026 08:00:30 GMT", 30)]
    [InlineData("Retry-After", "Fri, 20 Nov 2026 07:00:00 GMT", 0)]
    [InlineData("Retry-After", "-5", 0)]
    [InlineData("Retry-After", "999999999999", 3600)]
    [InlineData("Retry-After", "1e400", 3600)]
    [InlineData("Retry-After", "NaN", 0)]
    [InlineData("retry-after-ms", "1250", 1.25)]
    [InlineData("x-ratelimit-reset-requests", "6m0s", 360)]
    [InlineData("x-ratelimit-reset-tokens", "20ms", 0.02)]
    [InlineData("x-ratelimit-reset", "12", 12)]
    [InlineData("x-ratelimit-reset", "1795161610", 10)]
    [InlineData("x-ratelimit-reset", "1795161610000", 10)]
    [InlineData("anthropic-ratelimit-requests-reset", "2026-11-20T08:00:45Z", 45)]
    public void Header_gives_the_wait(string name, string value, double seconds) => Assert.Equal(seconds, Read([(name, value)])!.Value.TotalSeconds, 0.001);

    [Theory]
    [InlineData("Retry-After", "soon")]
    [InlineData("Retry-After", "")]
    [InlineData("retry-after-ms", "x")]
    [InlineData("x-ratelimit-reset", "later")]
    public void Unreadable_header_gives_nothing(string name, string value) => Assert.Null(Read([(name, value)]));

    [Fact]
    public void Milliseconds_win_over_seconds() => Assert.Equal(TimeSpan.FromMilliseconds(300), Read([("Retry-After", "1"), ("retry-after-ms", "300")]));

    [Fact]
    public void Window_with_room_left_does_not_count() =>
        Assert.Equal(TimeSpan.FromSeconds(3),
            Read([("x-ratelimit-remaining-requests", "10"), ("x-ratelimit-reset-requests", "1h0m0s"), ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "3s")]));

    [Fact]
    public void Longest_of_the_exhausted_windows_counts() =>
        Assert.Equal(TimeSpan.FromSeconds(9), Read([("x-ratelimit-reset-requests", "9s"), ("x-ratelimit-reset-tokens", "3s")]));

    [Theory]
    [InlineData("34s", 34)]
    [InlineData("34.074824224s", 34.074824224)]
    [InlineData("0.5s", 0.5)]
    public void Gemini_retry_info_gives_the_wait(string delay, double seconds)
    {
        var body = $$$"""{"error":{"code":429"""
            + $$$""","details":[{"@type":"type.googleapis.com/google.rpc.Help"},{"@type":"type.googleapis.com/google.rpc."""
            + $$$"""RetryInfo","retryDelay":"{{{delay}}}"}]}}""";
        Assert.Equal(seconds, Read([], body)!.Value.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData("""{"error":{"details":[{"retryDelay":34}]}}""")]
    [InlineData("""{"error":{"details":[{"retryDelay":"soon"}]}}""")]
    [InlineData("""{"error":{"details":[{"retryDelay" """)]
    [InlineData("""not json "retryDelay":"34s" """)]
    [InlineData("""{"error":{"details":[{"retryDelay":"\ud800"}]}}""")]
    [InlineData("""{"error":{"\ud800etails":1,"details":[{"retry\ud800ela":1,"retryDelay":"x"}]}}""")]
    public void Unreadable_retry_info_gives_nothing(string body) => Assert.Null(Read([], body));

    [Fact]
    public void Cut_body_still_gives_retry_info() => Assert.Equal(TimeSpan.FromSeconds(4), Read([], """{"error":{"details":[{"retryDelay":"4s"},{"lin"""));

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    public void Body_is_not_believed_with_another_status(int status) =>
        Assert.Null(Read([], """{"error":{"details":[{"retryDelay":"4s"}]}}""", status));

    [Theory]
    [InlineData("""{"error":{"message":"try again in 1h"}}""")]
    [InlineData("""{"retryDelay":"1h"}""")]
    [InlineData("""{"error":{"details":[{"request":{"retryDelay":"1h"}}]}}""")]
    [InlineData("""{"error":{"details":[],"retryDelay":"1h"}}""")]
    public void Text_and_members_elsewhere_give_nothing(string body) => Assert.Null(Read([], body));

    private static TimeSpan? Read((string Name, string Value)[] headers, string body = "", int status = 429)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return RetryAfterReader.Read(response.Headers, status, Encoding.UTF8.GetBytes(body), Now);
    }
}
