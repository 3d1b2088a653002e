using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Wire;

/// <summary>
/// Image URLs of callers: passed on where the wire takes URLs, fetched where it does not, and never from private addresses unless the operator says
/// so.
/// </summary>
public sealed class ImageUrlTests
{
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Image_is_fetched_and_inlined_for_a_wire_that_takes_no_URLs(bool stream)
    {
        await using var images = await ImageServerAsync();
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", GeminiWire.Says("A pixel"), "gemini");
        await environment.StartRouterAsync(("Upstreams:AllowPrivateFetch", "true"));

        var answer = await environment.ChatAsync(stream, Message(images));

        Assert.Equal("A pixel", answer.Text);
        Assert.Equal("GET", images.Request.Method);
        Assert.DoesNotContain(images.Request.Headers.Values, value => value.Contains("sk-", StringComparison.Ordinal));
        var part = alpha.Request.Json["contents"]![0]!["parts"]![1]!["inlineData"] ?? alpha.Request.Json["contents"]![0]!["parts"]![1]!["inline_data"]!;
        Assert.Equal("image/png", (part["mimeType"] ?? part["mime_type"])!.GetValue<string>());
        Assert.Equal(Convert.ToBase64String(Pixel), part["data"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Private_address_is_refused_by_default_and_nobody_is_called(bool stream)
    {
        await using var images = await ImageServerAsync();
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", GeminiWire.Says("Never said"), "gemini");
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream, Message(images));

        Assert.Equal(400, answer.Status);
        Assert.Equal("messages[0].content[1].image_url.url", answer.Error!["param"]!.GetValue<string>());
        Assert.Empty(images.Requests);
        Assert.Empty(alpha.Requests);
        var attempt = Assert.Single((await environment.RecordAsync(answer.GenerationId))["provider_responses"]!.AsArray())!;
        Assert.Equal("refused", attempt["outcome"]!.GetValue<string>());
        Assert.Equal(0, attempt["cost"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Wire_that_takes_URLs_gets_the_URL_and_the_router_fetches_nothing()
    {
        await using var images = await ImageServerAsync();
        await using var environment = new TestEnvironment();
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("A pixel"));
        await environment.StartRouterAsync(("Upstreams:AllowPrivateFetch", "true"));

        var answer = await environment.ChatAsync(stream: false, Message(images));

        Assert.Equal("A pixel", answer.Text);
        Assert.Equal(UrlOf(images), beta.Request.Json["messages"]![0]!["content"]![1]!["image_url"]!["url"]!.GetValue<string>());
        Assert.Empty(images.Requests);
    }

    /// <summary>The stub of a provider listens on loopback, as one in the operator's network would.</summary>
    [Fact]
    public async Task URL_is_not_passed_on_to_a_provider_in_the_operators_network()
    {
        await using var images = await ImageServerAsync();
        await using var environment = new TestEnvironment();
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: false, Message(images));

        Assert.Equal(400, answer.Status);
        Assert.Equal("messages[0].content[1].image_url.url", answer.Error!["param"]!.GetValue<string>());
        Assert.Empty(images.Requests);
        Assert.Empty(beta.Requests);
    }

    [Fact]
    public async Task Image_that_is_not_there_is_400()
    {
        await using var images = await StubProvider.StartAsync("images", ProviderAnswer.Body(404, "gone", "text/plain"));
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", GeminiWire.Says("Never said"), "gemini");
        await environment.StartRouterAsync(("Upstreams:AllowPrivateFetch", "true"));

        var answer = await environment.ChatAsync(stream: false, Message(images));

        Assert.Equal(400, answer.Status);
        Assert.Equal("image_download_failed", answer.Error!["metadata"]!["error_type"]!.GetValue<string>());
    }

    private static Task<StubProvider> ImageServerAsync() => StubProvider.StartAsync("images", ProviderAnswer.OverHttp(async (context, _) =>
    {
        context.Response.ContentType = "image/png";
        await context.Response.Body.WriteAsync(Pixel);
    }));

    private static string UrlOf(StubProvider images) => images.BaseUrl + "/pixel.png";

    private static string Message(StubProvider images) =>
        $"\"messages\":[{{\"role\":\"user\",\"content\":[{{\"type\":\"text\",\"text\":\"What is this?\"}},{{\"type\":\"image_url\","
            + $"\"image_url\":{{\"url\":\"{UrlOf(images)}\"}}}}]}}]";
}
