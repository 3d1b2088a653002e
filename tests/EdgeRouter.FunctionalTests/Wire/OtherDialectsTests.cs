using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Wire;

/// <summary>A provider of another wire gets a request of its own wire, and the caller an answer of theirs.</summary>
public sealed class OtherDialectsTests
{
    private const string More = """
        "temperature":0.5,"max_tokens":100,"stop":["END"],"logit_bias":{"1":5},"provider":{"order":["alpha"]},
        "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello, router"}]
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Anthropic_provider_gets_a_messages_request(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", AnthropicWire.Says("Hello from Claude"), "anthropic-messages",
            new JsonObject { ["headers"] = new JsonObject { ["anthropic-version"] = "2023-06-01" } });
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream, More);

        AssertAnswer(answer, stream, "Hello from Claude", AnthropicWire.PromptTokens, AnthropicWire.CompletionTokens);
        Assert.Equal("end_turn", NativeFinishReason(answer));
        Assert.Equal("/v1/messages", alpha.Request.Path);
        Assert.Equal(alpha.ApiKey, alpha.Request.Headers["x-api-key"]);
        Assert.Equal("2023-06-01", alpha.Request.Headers["anthropic-version"]);
        Assert.False(alpha.Request.Headers.ContainsKey("Authorization"));
        var body = alpha.Request.Json;
        Assert.Equal(alpha.UpstreamModel, body["model"]!.GetValue<string>());
        Assert.Equal(100, body["max_tokens"]!.GetValue<int>());
        Assert.Equal(["END"], body["stop_sequences"]!.AsArray().Select(text => text!.GetValue<string>()));
        Assert.Equal("user", Assert.Single(body["messages"]!.AsArray())!["role"]!.GetValue<string>());
        Assert.Contains("Be brief.", body["system"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(body["logit_bias"]);
        Assert.Equal("logit_bias", answer.Header("X-EdgeRouter-Dropped-Parameters"));
    }

    [Fact]
    public async Task Name_of_a_dropped_parameter_cannot_forge_a_header()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", AnthropicWire.Says("Hello"), "anthropic-messages");
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: false, "\"evil\\r\\nX-Forged: \\u00fc\":1");

        Assert.Equal("Hello", answer.Text);
        Assert.Equal("evil??X-Forged: ?", answer.Header("X-EdgeRouter-Dropped-Parameters"));
        Assert.Null(answer.Header("X-Forged"));
    }

    [Theory]
    [InlineData(false, "/v1beta/models/alpha-model-v1:generateContent")]
    [InlineData(true, "/v1beta/models/alpha-model-v1:streamGenerateContent?alt=sse")]
    public async Task Gemini_provider_gets_a_generateContent_request(bool stream, string path)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", GeminiWire.Says("Hello from Gemini"), "gemini");
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream, More);

        AssertAnswer(answer, stream, "Hello from Gemini", GeminiWire.PromptTokens, GeminiWire.CompletionTokens);
        Assert.Equal("STOP", NativeFinishReason(answer));
        Assert.Equal(path, alpha.Request.Path);
        Assert.Equal(alpha.ApiKey, alpha.Request.Headers["x-goog-api-key"]);
        var body = alpha.Request.Json;
        Assert.Equal("Be brief.", body["systemInstruction"]!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("Hello, router", Assert.Single(body["contents"]!.AsArray())!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(100, body["generationConfig"]!["maxOutputTokens"]!.GetValue<int>());
        Assert.Equal("logit_bias", answer.Header("X-EdgeRouter-Dropped-Parameters"));
    }

    [Theory]
    [InlineData("anthropic-messages", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", 503)]
    [InlineData("gemini", "data: {\"error\": {\"code\": 503,\"message\": \"The model is overloaded.\",\"status\": \"UNAVAILABLE\"}}\r\n\r\n", 503)]
    public async Task Error_inside_a_stream_of_another_wire_is_an_error_event(string dialect, string error, int code)
    {
        await using var environment = new TestEnvironment();
        var start = dialect == "gemini" ? GeminiWire.Stream("Hello")[..1] : AnthropicWire.Stream("Hello")[..4];
        await environment.AddAsync("alpha", ProviderAnswer.Stream([.. start, error]), dialect);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(code, answer.Error!["code"]!.GetValue<int>());
        Assert.Equal("error", answer.FinishReason);
        Assert.False(answer.IsDone);
    }

    [Theory]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    public async Task Stream_of_another_wire_that_is_cut_off_is_an_error_event(string dialect)
    {
        await using var environment = new TestEnvironment();
        var start = dialect == "gemini" ? GeminiWire.Stream("Hello")[..1] : AnthropicWire.Stream("Hello")[..5];
        await environment.AddAsync("alpha", ProviderAnswer.Stream(start), dialect);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(502, answer.Error!["code"]!.GetValue<int>());
        Assert.False(answer.IsDone);
    }

    [Theory]
    [InlineData("anthropic-messages", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}",
        529)]
    [InlineData("gemini", "{\"error\": {\"code\": 503,\"message\": \"The model is overloaded. Please try again later.\",\"status\": \"UNAVAILABLE\"}}", 503)]
    public async Task Failing_provider_of_another_wire_is_served_by_the_second_provider(string dialect, string error, int status)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Body(status, error), dialect);
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello from beta", answer.Text);
        var attempt = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]![0]!;
        Assert.Equal("Overloaded", attempt["outcome"]!.GetValue<string>());
        Assert.Equal(status, attempt["status"]!.GetValue<int>());
    }

    private static string NativeFinishReason(CallerAnswer answer) =>
        (answer.IsStream ? answer.Chunks : [answer.Json]).SelectMany(message => message["choices"]!.AsArray())
            .Select(choice => choice!["native_finish_reason"]?.GetValue<string>()).Last(reason => reason is not null)!;

    private static void AssertAnswer(CallerAnswer answer, bool stream, string text, int promptTokens, int completionTokens)
    {
        Assert.Equal(text, answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(stream, answer.IsDone);
        Assert.Equal(promptTokens, answer.Usage!["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(completionTokens, answer.Usage["completion_tokens"]!.GetValue<int>());
        Assert.Equal(promptTokens * TestCatalog.PromptPrice + completionTokens * TestCatalog.CompletionPrice, answer.Usage["cost"]!.GetValue<decimal>());
    }
}
