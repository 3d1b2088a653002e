using System.Text;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>Bodies that try to exhaust the process.</summary>
public sealed class HugeBodyTests(SmallRouter fixture) : IClassFixture<SmallRouter>
{
    private const int TenMegabytes = 10 * 1024 * 1024;
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, Func<string>> Nestings = new()
    {
        ["arrays, never closed"] = () => new string('[', TenMegabytes),
        ["arrays, closed"] = () => new string('[', TenMegabytes / 2) + new string(']', TenMegabytes / 2),
        ["objects"] = () => Repeat("{\"a\":", TenMegabytes / 5),
        ["arrays inside messages"] = () => "{\"model\":\"scripted/echo\",\"messages\":" + new string('[', TenMegabytes - 100),
        ["objects inside an unknown member"] = () => "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"x\":"
            + Repeat("{\"a\":", TenMegabytes / 5 - 100),
        ["arrays inside a tool's schema"] = () => "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"enum\":" + new string('[', TenMegabytes - 500),
    };

    public static TheoryData<string> EveryNesting => [.. Nestings.Keys];

    [Theory]
    [MemberData(nameof(EveryNesting))]
    public async Task Ten_megabytes_of_nesting_are_400_quickly(string nesting)
    {
        var started = TimeProvider.System.GetTimestamp();

        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, Json(Nestings[nesting]()));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
        Assert.True(TimeProvider.System.GetElapsedTime(started) < Quickly);
    }

    [Theory]
    [InlineData("/api/v1")]
    [InlineData("/v1")]
    public async Task Body_announced_over_the_limit_is_413_before_it_is_sent(string root)
    {
        await using var caller = await RawCaller.ConnectAsync(fixture.Router.Address);
        await caller.SendAsync(
            $"POST {root}/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RouterUnderTest.InferenceKey}\r\nContent-Type: application/json\r\n"
            + $"Expect: 100-continue\r\nContent-Length: {SmallRouter.MaxBodyBytes + 1}\r\n\r\n");

        var answer = await caller.ReadToAsync("payload_too_large");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":413", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_over_the_limit_without_a_length_is_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, TestEnvironment.ChatPath) { Content = Json(new string(' ', SmallRouter.MaxBodyBytes + 1)) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await fixture.Router.Client.SendAsync(request);

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 413, "payload_too_large");
    }

    [Fact]
    public async Task Body_of_exactly_the_limit_is_read()
    {
        const string Request = "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, Json(Request.PadRight(SmallRouter.MaxBodyBytes)));

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
