using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>
/// A stream whose provider dies is gone on with by another, where the caller wants it: one unbroken stream for him, both costs on the record.
/// </summary>
public sealed class ResumeTests
{
    private const string Resume = "\"provider\":{\"order\":[\"alpha\",\"beta\"],\"resume\":true}";
    private static readonly JsonObject Plain = new() { ["prefill"] = "plain" };

    /// <summary>Two words, then the connection is cut.</summary>
    private static readonly ProviderAnswer Dies = CutAfter(OpenAIWire.Role, OpenAIWire.Text("Once "), OpenAIWire.Text("upon "));

    [Fact]
    public async Task Another_endpoint_goes_on_and_the_caller_sees_one_stream()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("a time"), Plain);

        var answer = await environment.ChatAsync(stream: true, Resume + ",\"max_tokens\":100");

        Assert.Equal("Once upon a time", answer.Text);
        Assert.True(answer.IsDone);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Null(answer.Error);
        Assert.Single(answer.Chunks,
            chunk => chunk["choices"]!.AsArray() is [{ } choice] && choice["delta"]?["role"] is not null
            && choice["delta"]!["content"]?.GetValue<string>() == "");
        var asked = environment["beta"].Request.Json;
        Assert.Equal("""{"role":"assistant","content":"Once upon"}""", asked["messages"]!.AsArray()[^1]!.ToJsonString());
        Assert.Equal(97, (asked["max_tokens"] ?? asked["max_completion_tokens"])!.GetValue<int>());
    }

    [Fact]
    public async Task Both_parts_are_on_the_record_and_in_what_the_caller_is_told()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("a time"), Plain);

        var answer = await environment.ChatAsync(stream: true, Resume);

        var record = await environment.RecordAsync(answer.GenerationId);
        var attempts = record["provider_responses"]!.AsArray();
        Assert.Equal(["ConnectionReset", "served"], attempts.Select(attempt => attempt!["outcome"]!.GetValue<string>()));
        var begun = attempts[0]!["cost"]!.GetValue<decimal>();
        var continued = OpenAIWire.PromptTokens * TestCatalog.PromptPrice + OpenAIWire.CompletionTokens * TestCatalog.CompletionPrice;
        Assert.True(begun > 0);
        Assert.Equal(begun + continued, answer.Usage!["cost"]!.GetValue<decimal>());
        Assert.Equal(begun + continued, record["usage"]!.GetValue<decimal>());
        Assert.Equal("beta", record["provider_name"]!.GetValue<string>()["Provider ".Length..]);
        Assert.False(record["cancelled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Provider_of_another_dialect_goes_on_too()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", Dies);
        var beta = await environment.AddAsync("beta", AnthropicWire.Says("a time"), "anthropic-messages");
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha), TestCatalog.Endpoint(beta, more: Plain)]);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true, Resume);

        Assert.Equal("Once upon a time", answer.Text);
        Assert.True(answer.IsDone);
        var last = beta.Request.Json["messages"]!.AsArray()[^1]!;
        Assert.Equal("assistant", last["role"]!.GetValue<string>());
        Assert.Contains("Once upon", last.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_provider_that_dies_is_gone_on_with_by_a_third()
    {
        await using var environment = new TestEnvironment();
        var providers = new[] { await environment.AddAsync("alpha", Dies),
            await environment.AddAsync("beta", CutAfter(OpenAIWire.Role, OpenAIWire.Text("a "))),
            await environment.AddAsync("gamma", OpenAIWire.Says("time")) };
        environment.Catalog.AddModel(TestEnvironment.Model, providers.Select(provider => TestCatalog.Endpoint(provider, more: Plain)));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true, Resume.Replace("\"beta\"", "\"beta\",\"gamma\"", StringComparison.Ordinal));

        Assert.Equal("Once upon a time", answer.Text);
        Assert.True(answer.IsDone);
        Assert.Equal("Once upon a", providers[2].Request.Json["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Mistral_is_told_by_its_own_flag_and_what_it_repeats_is_not_said_twice()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("Once upon a time"), new JsonObject { ["prefill"] = "prefix" });

        var answer = await environment.ChatAsync(stream: true, Resume);

        Assert.Equal("Once upon a time", answer.Text);
        Assert.True(environment["beta"].Request.Json["messages"]!.AsArray()[^1]!["prefix"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Turn_that_the_caller_had_begun_himself_is_neither_sent_twice_nor_said_again()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("Dear reader. Once upon a time"), new JsonObject { ["prefill"] = "prefix" });

        var answer = await environment.ChatAsync(stream: true,
            Resume + ",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story\"},{\"role\":\"assistant\",\"content\":\"Dear reader. \"}]");

        Assert.Equal("Once upon a time", answer.Text);
        var messages = environment["beta"].Request.Json["messages"]!.AsArray();
        Assert.Equal(["user", "assistant"], messages.Select(message => message!["role"]!.GetValue<string>()));
        Assert.Equal("Dear reader. Once upon", messages[1]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task Vllm_is_told_by_its_own_flags()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("a time"), new JsonObject { ["prefill"] = "continue_final_message" });

        await environment.ChatAsync(stream: true, Resume);

        var asked = environment["beta"].Request.Json;
        Assert.Equal((true, false), (asked["continue_final_message"]!.GetValue<bool>(), asked["add_generation_prompt"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("\"provider\":{\"order\":[\"alpha\",\"beta\"]}", "plain")] // not asked for
    [InlineData(Resume, "none")] // nobody can
    [InlineData(Resume + ",\"response_format\":{\"type\":\"json_object\"}", "plain")] // a text that must be JSON cannot be begun twice
    [InlineData(Resume + ",\"n\":2", "plain")]
    public async Task Otherwise_the_stream_ends_with_an_error_event(string more, string prefill)
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("a time"), new JsonObject { ["prefill"] = prefill });

        AssertBroken(await environment.ChatAsync(stream: true, more));

        Assert.Empty(environment["beta"].Requests);
    }

    [Fact]
    public async Task Half_a_tool_call_is_never_gone_on_with()
    {
        const string call = """data: {"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0"""
            + ""","delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"ci"}}]}"""
            + ""","finish_reason":null}]}""" + "\n\n";
        await using var environment = await StartAsync(CutAfter(OpenAIWire.Role, OpenAIWire.Text("Once "), call), OpenAIWire.Says("a time"), Plain);

        var answer = await environment.ChatAsync(stream: true,
            Resume + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{}}}]");

        Assert.NotNull(answer.Error);
        Assert.False(answer.IsDone);
        Assert.Empty(environment["beta"].Requests);
    }

    [Fact]
    public async Task Provider_that_rejects_a_begun_answer_leaves_the_honest_error()
    {
        await using var environment = await StartAsync(Dies,
            OpenAIWire.Fails(400, "Prefilling assistant messages is not supported for this model.", "invalid_request_error"), Plain);

        AssertBroken(await environment.ChatAsync(stream: true, Resume));

        Assert.Single(environment["beta"].Requests);
    }

    [Fact]
    public async Task Operator_may_want_it_for_all_and_a_caller_decline()
    {
        await using var environment = await StartAsync(Dies, OpenAIWire.Says("a time"), Plain, ("Routing:Resume", "true"));

        Assert.Equal("Once upon a time", (await environment.ChatAsync(stream: true)).Text);
        AssertBroken(await environment.ChatAsync(stream: true, Resume.Replace("true", "false", StringComparison.Ordinal)));
    }

    private static void AssertBroken(CallerAnswer answer)
    {
        Assert.NotNull(answer.Error);
        Assert.False(answer.IsDone);
        Assert.Equal("Once upon ", answer.Text);
    }

    /// <summary>A stream of pieces whose connection then closes without its last chunk.</summary>
    private static ProviderAnswer CutAfter(params string[] pieces) => ProviderAnswer.OverTcp(async connection =>
    {
        await connection.SendAsync(RawConnection.StreamHead);
        foreach (var piece in pieces) await connection.SendChunkAsync(piece);
    });

    private static async Task<TestEnvironment> StartAsync(ProviderAnswer first, ProviderAnswer second, JsonObject secondEndpoint,
        params (string, string)[] settings)
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", first);
        var beta = await environment.AddAsync("beta", second);
        environment.Catalog.AddModel(TestEnvironment.Model,
            [TestCatalog.Endpoint(alpha), TestCatalog.Endpoint(beta, more: (JsonObject)secondEndpoint.DeepClone())]);
        await environment.StartRouterAsync(settings);
        return environment;
    }
}
