using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Messages;

/// <summary>Messages over every wire, whole and streamed, on real sockets: what the caller gets must not depend on the wire.</summary>
public sealed class MessagesMatrixTests
{
    private const string Tools = """
        "tools":[{"name":"get_weather","description":"W","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},
                 {"name":"get_time","input_schema":{"type":"object","properties":{}}}]
        """;
    private static readonly string[] Wires = ["openai-chat", "anthropic-messages", "gemini"];

    public static TheoryData<string, bool> EveryWire => new(Wires.SelectMany(wire => (bool[])[false, true], (wire, stream) => (wire, stream)));

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Text_is_answered_with_every_key(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "Hello back"));

        var answer = await environment.AskAsync(stream, headers: ("X-OpenRouter-Metadata", "enabled"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("Hello back", (string?)answer.Block(0)["text"]);
        Assert.Equal(["text"], answer.BlockTypes);
        Assert.Equal(("message", "assistant", TestEnvironment.Model), ((string?)answer.Message["type"], (string?)answer.Message["role"],
            (string?)answer.Message["model"]));
        Assert.Equal(answer.Headers["X-Generation-Id"], (string?)answer.Message["id"]);
        Assert.Equal("end_turn", (string?)answer.Message["stop_reason"]);
        foreach (var key in (string[])["stop_sequence", "stop_details", "container"]) Assert.True(answer.Message.AsObject().ContainsKey(key), key);
        var usage = answer.Message["usage"]!.AsObject();
        foreach (var key in (string[])["output_tokens_details", "cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "inference_geo",
                "server_tool_use", "service_tier"])
            Assert.True(usage.ContainsKey(key), key);
        var expected = (int)usage["input_tokens"]! * TestCatalog.PromptPrice + (int)usage["output_tokens"]! * TestCatalog.CompletionPrice;
        Assert.True((int)usage["input_tokens"]! > 0 && (int)usage["output_tokens"]! > 0);
        Assert.Equal(expected, (decimal)usage["cost"]!);
        Assert.Equal("alpha", answer.Headers["X-EdgeRouter-Provider"]);
        var record = await environment.RecordAsync(answer.Headers["X-Generation-Id"]);
        Assert.Equal("completions", (string?)record["api_type"]);
        if (!stream) Assert.NotNull(answer.Message["openrouter_metadata"]);
        else
            Assert.Equal(["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
                answer.Events.Distinct());
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Parallel_calls_come_with_their_arguments_and_their_results_go_back(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Calls(wire));

        var answer = await environment.AskAsync(stream, Tools + ",\"tool_choice\":{\"type\":\"auto\"}");

        Assert.Equal("tool_use", (string?)answer.Message["stop_reason"]);
        var calls = answer.Message["content"]!.AsArray().Where(block => (string?)block!["type"] == "tool_use").ToList();
        Assert.Equal(["get_weather", "get_time"], calls.Select(call => (string?)call!["name"]));
        Assert.Equal(["{\"city\":\"Bern\"}", "{}"], calls.Select(call => call!["input"]!.ToJsonString()));
        Assert.Equal(2, calls.Select(call => (string?)call!["id"]).Distinct().Count());

        environment["alpha"].Answer = WireAnswers.Says(wire, "Sunny at noon");
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Weather and time?" },
            new JsonObject { ["role"] = "assistant", ["content"] = answer.Message["content"]!.DeepClone() },
            new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray([.. calls.Select(call => new JsonObject
                {
                    ["type"] = "tool_result",
                    ["tool_use_id"] = (string?)call!["id"],
                    ["content"] = $"result of {call["name"]}",
                })]),
            });
        var second = await environment.AskAsync(stream, $"{Tools},\"messages\":{messages.ToJsonString()}");

        Assert.Equal("Sunny at noon", (string?)second.Block(0)["text"]);
        var sent = environment["alpha"].Requests[1].Body;
        Assert.Contains("result of get_weather", sent, StringComparison.Ordinal);
        Assert.Contains("result of get_time", sent, StringComparison.Ordinal);
        if (wire == "gemini") Assert.Contains("\"thoughtSignature\":\"c2ln\"", sent, StringComparison.Ordinal);
        else Assert.DoesNotContain("edgerouter.", sent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Image_reaches_the_provider(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "A picture"));

        var answer = await environment.AskAsync(stream, """
            "messages":[{"role":"user","content":[{"type":"text","text":"Look"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]
            """);

        Assert.Equal("A picture", (string?)answer.Block(0)["text"]);
        Assert.Contains("iVBORw0KGgo=", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Thought_comes_before_the_text(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Thinks(wire));

        var answer = await environment.AskAsync(stream, "\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}");

        Assert.Equal(["thinking", "text"], answer.BlockTypes);
        Assert.Equal(("Hm.", wire == "anthropic-messages" ? "sig" : ""), ((string?)answer.Block(0)["thinking"], (string?)answer.Block(0)["signature"]));
        Assert.Equal("Fine.", (string?)answer.Block(1)["text"]);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Error_before_the_answer_has_Anthropics_envelope(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, OpenAIWire.Fails(400, "Your prompt is odd.", "invalid_request_error"));

        var answer = await environment.AskAsync(stream);

        Assert.Equal(400, answer.Status);
        Assert.Equal(("error", "invalid_request_error"), ((string?)answer.Message["type"], (string?)answer.Message["error"]!["type"]));
        Assert.NotEmpty((string)answer.Message["error"]!["message"]!);
        Assert.True(answer.Message.AsObject().ContainsKey("request_id"));
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    public async Task Error_in_the_middle_is_an_event_and_never_looks_complete(string wire)
    {
        var start = WireAnswers.Stream(wire, "Hello")[..(wire == "gemini" ? 1 : wire == "anthropic-messages" ? 4 : 2)];
        await using var environment = await StartAsync(wire, ProviderAnswer.Stream([.. start, WireAnswers.MidstreamError(wire)]));

        var answer = await environment.AskAsync(stream: true);

        Assert.Equal("Hello", (string?)answer.Block(0)["text"]);
        Assert.Equal("overloaded_error", (string?)answer.Error!["error"]!["type"]);
        Assert.Equal("error", answer.Events[^1]);
        Assert.DoesNotContain("message_stop", answer.Events);
        Assert.DoesNotContain("message_delta", answer.Events);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    public async Task Caller_who_leaves_is_noticed(string wire)
    {
        var start = WireAnswers.Stream(wire, "Hello")[..(wire == "gemini" ? 1 : wire == "anthropic-messages" ? 4 : 2)];
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(start), wire, new JsonObject { ["abort_stops_billing"] = true });
        await environment.StartRouterAsync();

        using (var stream = await CallerStream.OpenAsync(await environment.PostMessageAsync(MessagesCaller.Body(stream: true))))
            await stream.ReadToAsync(line => line.Contains("\"text\":\"Hello\"", StringComparison.Ordinal));

        await alpha.Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static async Task<TestEnvironment> StartAsync(string wire, ProviderAnswer answer)
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", answer, wire);
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new JsonObject
        {
            ["supported_parameters"] = new JsonArray("max_tokens", "temperature", "top_p", "stop", "tools", "tool_choice", "reasoning"),
        })]);
        await environment.StartRouterAsync();
        return environment;
    }
}
