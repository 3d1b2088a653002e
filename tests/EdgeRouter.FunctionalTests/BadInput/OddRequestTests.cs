using System.Text;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>Methods, paths and headers that nobody should send.</summary>
public sealed class OddRequestTests(SmallRouter fixture) : IClassFixture<SmallRouter>
{
    private const string Body = "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    [Theory]
    [InlineData("GET", "/api/v1/chat/completions", "POST")]
    [InlineData("PUT", "/v1/chat/completions", "POST")]
    [InlineData("DELETE", "/api/v1/chat/completions", "POST")]
    [InlineData("PATCH", "/api/v1/models", "GET")]
    [InlineData("POST", "/v1/models", "GET")]
    [InlineData("POST", "/api/v1/generation", "GET")]
    [InlineData("DELETE", "/health", "GET, HEAD")]
    public async Task Unsupported_method_is_405_that_says_what_is_allowed(string method, string path, string allowed)
    {
        using var response = await fixture.Router.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 405, "invalid_request");
        Assert.Equal(allowed.Split(", "), response.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/v1")]
    [InlineData("POST", "/api/v1/chat")]
    [InlineData("POST", "/api/v2/chat/completions")]
    [InlineData("GET", "/api/v1/models/a/b/c/d")]
    [InlineData("GET", "/api/v1/../../etc/passwd")]
    [InlineData("GET", "/%2e%2e/%ff")]
    public async Task Unknown_path_is_404(string method, string path)
    {
        using var response = await fixture.Router.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 404, "not_found");
    }

    [Fact]
    public async Task Head_of_an_unknown_path_is_404_without_a_body()
    {
        using var response = await fixture.Router.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/v1/nothing"));

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Overlong_session_header_is_400()
    {
        var request = new HttpRequestMessage(HttpMethod.Post,
            TestEnvironment.ChatPath)
        { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-session-id", new string('s', 257));

        using var response = await fixture.Router.Client.SendAsync(request);

        var error = await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
        Assert.Equal("x-session-id", error["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("two keys", "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nAuthorization: Bearer other\r\n", 401)]
    [InlineData("the same key twice", "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nx-api-key: " + RouterUnderTest.InferenceKey + "\r\n", 200)]
    [InlineData("a compressed body that is none", "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nContent-Encoding: identity\r\n", 200)]
    [InlineData("two content types", "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nContent-Type: text/html\r\n", 400)]
    [InlineData("two lengths", "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nContent-Length: 3\r\n", 400)]
    [InlineData("a header name with a space", "Author ization: x\r\n", 400)]
    [InlineData("a zero byte in a header", "Authorization: Bearer \0\r\n", 400)]
    [InlineData("latin-1 in a key", "Authorization: Bearer sk-é\r\n", 400, 401)]
    [InlineData("a title with quotes and angle brackets",
        "Authorization: Bearer " + RouterUnderTest.InferenceKey + "\r\nX-Title: \"><script>\r\nHTTP-Referer: javascript:alert(1)\r\n", 200)]
    public async Task Odd_headers_do_no_harm(string oddity, string headers, params int[] statuses)
    {
        await using var caller = await RawCaller.ConnectAsync(fixture.Router.Address);
        await caller.SendAsync($"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
            + $"application/json\r\n{headers}Content-Length: {Body.Length}\r\n\r\n{Body}");

        var answer = await caller.ReadToEndAsync();

        Assert.True(statuses.Any(status => answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal)), $"{oddity}: {answer}");
        using var health = await fixture.Router.Client.GetAsync("/health");
        Assert.True(health.IsSuccessStatusCode);
    }
}
