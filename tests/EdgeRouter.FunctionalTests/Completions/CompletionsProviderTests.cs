using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Completions;

/// <summary>A provider that speaks completions gets what only completions can say, and no chat.</summary>
public sealed class CompletionsProviderTests
{
    [Theory]
    [InlineData("\"prompt\":[\"one\",\"two\"]", "prompt", """["one","two"]""")]
    [InlineData("\"prompt\":[[1,2],[3]]", "prompt", "[[1,2],[3]]")]
    [InlineData("\"suffix\":\" the end\"", "suffix", "\" the end\"")]
    [InlineData("\"best_of\":4", "best_of", "4")]
    [InlineData("\"logprobs\":3", "logprobs", "3")]
    [InlineData("\"echo\":true", "echo", "true")]
    public async Task What_only_completions_have_arrives_as_it_is(string more, string member, string expected)
    {
        await using var environment = await StartAsync(ProviderAnswer.Body(200, CompletionsWire.Whole("Hello", "there")),
            ["logprobs"]);

        var answer = await environment.CompleteAsync(stream: false, more + ",\"user\":\"u-1\",\"provider\":{\"allow_fallbacks\":false}");

        Assert.Equal(("Hello", "there"), (answer.CompletedText(0), answer.CompletedText(1)));
        Assert.Equal("""{"tokens":["a"]}""", answer.Json["choices"]![1]!["logprobs"]!.ToJsonString());
        Assert.Equal("length", answer.FinishReason);
        Assert.Null(answer.Header("X-EdgeRouter-Dropped-Parameters"));
        var sent = environment["alpha"].Request;
        Assert.Equal("/v1/completions", sent.Path);
        Assert.Equal(expected, sent.Json[member]!.ToJsonString());
        Assert.Equal("alpha-model-v1", sent.Json["model"]!.GetValue<string>());
        Assert.Equal(32, sent.Json["user"]!.GetValue<string>().Length);
        Assert.Null(sent.Json["provider"]);
    }

    [Fact]
    public async Task Stream_is_passed_through_with_the_routers_head_and_usage()
    {
        await using var environment = await StartAsync(CompletionsWire.Says("Hello"));

        var answer = await environment.CompleteAsync(stream: true);

        Assert.Equal("Hello", answer.CompletedText());
        Assert.Equal("stop", answer.FinishReason);
        Assert.True(answer.IsDone);
        Assert.All(answer.Chunks, chunk => Assert.Equal(answer.GenerationId, chunk["id"]!.GetValue<string>()));
        Assert.Equal((CompletionsWire.PromptTokens, CompletionsWire.CompletionTokens), (answer.Tokens("prompt_tokens"), answer.Tokens("completion_tokens")));
        Assert.Equal(7 * TestCatalog.PromptPrice + 2 * TestCatalog.CompletionPrice, answer.Usage!["cost"]!.GetValue<decimal>());
        var sent = environment["alpha"].Request.Json;
        Assert.True(sent["stream"]!.GetValue<bool>());
        Assert.True(sent["stream_options"]!["include_usage"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Chat_finds_no_endpoint_there_and_the_error_says_why()
    {
        await using var environment = await StartAsync(CompletionsWire.Says("Never said"));

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal(404, answer.Status);
        var exclusion = answer.Error!["metadata"]!["exclusions"]![0]!;
        Assert.Equal("operation", exclusion["excluded_by"]!.GetValue<string>());
        Assert.Contains("chat", exclusion["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Several_prompts_go_past_a_chat_provider_to_one_that_takes_them()
    {
        await using var environment = new TestEnvironment();
        var chat = await environment.AddAsync("alpha", OpenAIWire.Says("Never said"));
        await environment.AddAsync("beta", ProviderAnswer.Body(200, CompletionsWire.Whole("Hello", "there")), "openai-completions");
        await environment.StartRouterAsync();

        var answer = await environment.CompleteAsync(stream: false, "\"prompt\":[\"one\",\"two\"],\"provider\":{\"order\":[\"alpha\",\"beta\"]}");

        Assert.Equal("there", answer.CompletedText(1));
        Assert.Empty(chat.Requests);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"code\":503}}\n\n", 503)]
    [InlineData("data: {\"choices\":[}\n\n", 502)]
    [InlineData("", 502)]
    public async Task Stream_that_breaks_is_an_error_event(string next, int code)
    {
        await using var environment = await StartAsync(ProviderAnswer.Stream(CompletionsWire.Stream("Hello")[0], next));

        var answer = await environment.CompleteAsync(stream: true);

        Assert.Equal("Hello", answer.CompletedText());
        Assert.Equal(code, answer.Error!["code"]!.GetValue<int>());
        Assert.False(answer.IsDone);
    }

    private static async Task<TestEnvironment> StartAsync(ProviderAnswer answer, params string[] parameters)
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", answer, "openai-completions");
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new()
        {
            ["supported_parameters"] = new System.Text.Json.Nodes.JsonArray(
                [.. parameters.Append("max_tokens").Select(name => (System.Text.Json.Nodes.JsonNode)name)]),
        })]);
        await environment.StartRouterAsync();
        return environment;
    }
}
