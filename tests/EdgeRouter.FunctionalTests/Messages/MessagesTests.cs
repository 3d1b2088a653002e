using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Messages;

/// <summary>What is special to Messages: paths and headers of Anthropic's clients, keep-alives, server tools, failover.</summary>
public sealed class MessagesTests
{
    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages?beta=true")]
    [InlineData("/api/v1/messages")]
    [InlineData("/api/v1/messages?beta=true")]
    public async Task Paths_and_headers_of_Anthropics_clients_are_served(string path)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", AnthropicWire.Says("Hello"), "anthropic-messages");
        await environment.StartRouterAsync();
        using var client = environment.Router.ClientOf(null);

        using var response = await environment.PostMessageAsync(MessagesCaller.Body(stream: false), path, client,
            ("x-api-key", RouterUnderTest.InferenceKey), ("anthropic-version", "2023-06-01"),
            ("anthropic-beta", "context-management-2025-06-27, files-api-2025-04-14,x=y"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = environment["alpha"].Request;
        Assert.Equal("/v1/messages", sent.Path);
        Assert.Equal(environment["alpha"].ApiKey, sent.Headers["x-api-key"]);
        Assert.Equal("context-management-2025-06-27", sent.Headers["anthropic-beta"]);
    }

    [Theory]
    [InlineData("sk-wrong-0123456789abcdef", 401, "authentication_error")]
    [InlineData(RouterUnderTest.ManagementKey, 403, "permission_error")]
    public async Task Wrong_key_is_refused_in_Anthropics_envelope(string key, int status, string type)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        using var client = environment.Router.ClientOf(null);

        using var response = await environment.PostMessageAsync(MessagesCaller.Body(stream: true), client: client, headers: ("x-api-key", key));
        var answer = await MessageAnswer.ReadAsync(response);

        Assert.Equal((status, type), (answer.Status, (string?)answer.Message["error"]!["type"]));
    }

    [Fact]
    public async Task Call_that_goes_on_behind_its_finish_reason_is_an_error()
    {
        const string Call = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""";
        const string Rest = """data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}""";
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(
            OpenAIWire.Role, Call + "\n\n", OpenAIWire.Stop, Rest + "\n\n", OpenAIWire.Done));

        using var response = await environment.PostMessageAsync(
            MessagesCaller.Body(stream: true, "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]"));
        var stream = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("event: error\n", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("message_stop", stream, StringComparison.Ordinal);
    }

    /// <summary>An answer without a block, so that the late text would be the first.</summary>
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("gemini")]
    public async Task Text_behind_the_providers_end_leaves_no_half_of_a_block(string wire)
    {
        const string GeminiEnd = """data: {"candidates":[{"finishReason":"STOP"}]}""" + "\n\n";
        const string GeminiLate = """data: {"candidates":[{"content":{"parts":[{"text":"more"}]}}]}""" + "\n\n";
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Stream(wire == "gemini"
            ? GeminiEnd + GeminiLate : OpenAIWire.Role + OpenAIWire.Stop + OpenAIWire.Done + OpenAIWire.Text("more")), wire);
        await environment.StartRouterAsync();

        var answer = await environment.AskAsync(stream: true);

        Assert.Equal(["message_start", "message_delta", "message_stop"], answer.Events);
    }

    [Fact]
    public async Task Silent_provider_is_bridged_with_pings()
    {
        using var steps = new SemaphoreSlim(0);
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.StreamInSteps(steps, OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop + OpenAIWire.Usage + OpenAIWire.Done),
            ("Limits:KeepAliveSeconds", "0.1"));

        using var stream = await CallerStream.OpenAsync(await environment.PostMessageAsync(MessagesCaller.Body(stream: true)));
        Assert.Equal("event: ping", await stream.ReadLineAsync());
        Assert.Equal("data: {\"type\":\"ping\"}", await stream.ReadLineAsync());
        steps.Release(2);

        Assert.Equal("data: {\"type\":\"message_stop\"}", (await stream.ReadToEndAsync())[^1]);
    }

    [Fact]
    public async Task Server_tool_goes_only_to_a_provider_that_has_it()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("never"));
        var beta = await environment.AddAsync("beta", AnthropicWire.Says("Hello"), "anthropic-messages");
        await environment.StartRouterAsync();

        var answer = await environment.AskAsync(stream: false,
            "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}],\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("Hello", (string?)answer.Block(0)["text"]);
        Assert.Empty(alpha.Requests);
        Assert.Equal("web_search_20250305", (string?)beta.Request.Json["tools"]![0]!["type"]);
    }

    [Fact]
    public async Task Server_tool_that_no_provider_has_is_explained()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("never"));

        var answer = await environment.AskAsync(stream: false, "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]");

        Assert.Equal((404, "not_found_error"), (answer.Status, (string?)answer.Message["error"]!["type"]));
        Assert.Contains("web_search_20250305", (string)answer.Message["metadata"]!["exclusions"]![0]!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_provider_of_another_wire_serves_when_the_first_fails(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Body(529, WireAnswers.MidstreamError("anthropic-messages")), "anthropic-messages");
        await environment.AddAsync("beta", GeminiWire.Says("Hello"), "gemini");
        await environment.StartRouterAsync();

        var answer = await environment.AskAsync(stream, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("Hello", (string?)answer.Block(0)["text"]);
        Assert.Equal("2", answer.Headers["X-EdgeRouter-Attempts"]);
    }

    [Fact]
    public async Task Unknown_member_passes_to_its_own_format_and_is_named_elsewhere()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", AnthropicWire.Says("Hello"), "anthropic-messages");
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync();

        await environment.AskAsync(stream: false, "\"x_own\":{\"deep\":[1]},\"provider\":{\"only\":[\"alpha\"]}");
        var other = await environment.AskAsync(stream: false, "\"x_own\":{\"deep\":[1]},\"provider\":{\"only\":[\"beta\"]}");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("{\"deep\":[1]}"), alpha.Request.Json["x_own"]));
        Assert.Null(beta.Request.Json["x_own"]);
        Assert.Equal("x_own", other.Headers["X-EdgeRouter-Dropped-Parameters"]);
    }
}
