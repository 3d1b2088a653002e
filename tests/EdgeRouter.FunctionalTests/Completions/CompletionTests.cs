using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Completions;

/// <summary><c>POST /completions</c> at providers of every wire.</summary>
public sealed class CompletionTests
{
    private const string More = """
        "temperature":0.5,"max_tokens":100,"top_p":0.9,"stop":["END"],"seed":7,"user":"u-1","session_id":"s-1"
        """;

    /// <summary>Wires that carry conversations, each with where its prompt stands.</summary>
    public static TheoryData<string, bool, string> EveryWire
    {
        get
        {
            var data = new TheoryData<string, bool, string>();
            foreach (var stream in (bool[])[false, true])
            {
                data.Add("openai-chat", stream, "messages");
                data.Add("anthropic-messages", stream, "messages");
                data.Add("gemini", stream, "contents");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryWire))]
    public async Task Prompt_is_a_user_message_and_the_answer_a_text_completion(string dialect, bool stream, string messages)
    {
        await using var environment = await StartAsync(dialect);

        var answer = await environment.CompleteAsync(stream, More);

        Assert.Equal(200, answer.Status);
        Assert.Equal("Hello there", answer.CompletedText());
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(["text", "index", "logprobs", "finish_reason", "native_finish_reason"], answer.ChoiceMembers());
        Assert.Equal(stream, answer.IsDone);
        Assert.All(answer.IsStream ? answer.Chunks : [answer.Json], part =>
        {
            Assert.Equal("text_completion", part["object"]!.GetValue<string>());
            Assert.Equal(answer.GenerationId, part["id"]!.GetValue<string>());
            Assert.Equal(TestEnvironment.Model, part["model"]!.GetValue<string>());
            Assert.Equal("Provider alpha", part["provider"]!.GetValue<string>());
        });
        Assert.Equal(answer.Tokens("prompt_tokens") * TestCatalog.PromptPrice + answer.Tokens("completion_tokens") * TestCatalog.CompletionPrice,
            answer.Usage!["cost"]!.GetValue<decimal>());
        var sent = environment["alpha"].Request.Json;
        var message = Assert.Single(sent[messages]!.AsArray())!;
        Assert.Equal("user", message["role"]!.GetValue<string>());
        Assert.Contains("Say hello", message.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("0.5", sent.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("END", sent.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryWire))]
    public async Task Echo_puts_the_prompt_before_the_text(string dialect, bool stream, string messages)
    {
        await using var environment = await StartAsync(dialect);

        var answer = await environment.CompleteAsync(stream, "\"prompt\":\"Once \\u00fcpon\",\"echo\":true");

        Assert.Equal("Once üponHello there", answer.CompletedText());
        Assert.Null(environment["alpha"].Request.Json["echo"]);
        Assert.Single(environment["alpha"].Request.Json[messages]!.AsArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_says_what_was_asked_and_what_it_cost(bool stream)
    {
        await using var environment = await StartAsync("openai-chat");

        var answer = await environment.CompleteAsync(stream, More);

        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("completions", record["api_type"]!.GetValue<string>());
        Assert.Equal("completion", environment.Tap.Records.Single().ApiType);
        Assert.Equal(answer.Usage!["cost"]!.GetValue<decimal>(), record["usage"]!.GetValue<decimal>());
        Assert.Equal((stream, "stop"), (record["streamed"]!.GetValue<bool>(), record["finish_reason"]!.GetValue<string>()));
        Assert.Equal(("u-1", "s-1"), (record["external_user"]!.GetValue<string>(), record["session_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task It_is_served_below_the_root_of_OpenAIs_clients_too()
    {
        await using var environment = await StartAsync("openai-chat");

        using var response = await environment.PostCompletionAsync(CompletionCaller.Body(stream: false), "/v1/completions");

        Assert.Equal("Hello there", (await CallerAnswer.ReadAsync(response)).CompletedText());
    }

    [Theory]
    [InlineData("\"prompt\":[\"one\",\"two\"]", "prompt")]
    [InlineData("\"prompt\":[1,2,3]", "prompt")]
    [InlineData("\"prompt\":[[1,2],[3]]", "prompt")]
    [InlineData("\"suffix\":\" the end\"", "suffix")]
    public async Task What_a_conversation_cannot_carry_is_refused_by_name(string more, string field)
    {
        await using var environment = await StartAsync("openai-chat");

        var answer = await environment.CompleteAsync(stream: false, more);

        Assert.Equal(400, answer.Status);
        Assert.Equal(field, answer.Error!["param"]!.GetValue<string>());
        Assert.Contains("Provider alpha", answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task What_no_chat_answer_has_is_dropped_and_named()
    {
        await using var environment = await StartAsync("openai-chat");

        var answer = await environment.CompleteAsync(stream: false, "\"best_of\":3,\"logprobs\":2");

        Assert.Equal("Hello there", answer.CompletedText());
        Assert.Equal("logprobs, best_of", answer.Header("X-EdgeRouter-Dropped-Parameters"));
        Assert.DoesNotContain("logprobs", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Members_of_the_router_work_as_in_chat(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Never said"));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.CompleteAsync(stream, "\"provider\":{\"only\":[\"beta\"]},\"models\":[\"acme/one\"],\"route\":\"fallback\"");

        Assert.Equal("Hello from beta", answer.CompletedText());
        Assert.Null(beta.Request.Json["provider"]);
        Assert.Null(beta.Request.Json["models"]);
    }

    [Fact]
    public async Task Caller_may_see_what_was_sent()
    {
        await using var environment = await StartAsync("openai-chat");

        var answer = await environment.CompleteAsync(stream: true, "\"debug\":{\"echo_upstream_body\":true}");

        var shown = answer.Chunks[0].Member("debug/echo_upstream_body")!;
        Assert.True(JsonNode.DeepEquals(environment["alpha"].Request.Json, shown));
    }

    private static async Task<TestEnvironment> StartAsync(string dialect)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", dialect switch
        {
            "anthropic-messages" => AnthropicWire.Says("Hello there"),
            "gemini" => GeminiWire.Says("Hello there"),
            _ => OpenAIWire.Says("Hello there"),
        }, dialect);
        await environment.StartRouterAsync();
        return environment;
    }
}
