using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Messages;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Responses;

/// <summary>Responses over every wire, whole and streamed, on real sockets: what the caller gets must not depend on the wire.</summary>
public sealed class ResponsesMatrixTests
{
    private const string Tools = """
        "tools":[{"type":"function","name":"get_weather","description":"W","strict":null,
                  "parameters":{"type":"object","properties":{"city":{"type":"string"}}}},
                 {"type":"function","name":"get_time","parameters":{"type":"object","properties":{}},"strict":false}]
        """;
    private static readonly string[] Wires = ["openai-chat", "anthropic-messages", "gemini", "openai-responses"];

    private static readonly string[] RequiredKeys =
    [
        "id", "object", "created_at", "completed_at", "status", "model", "output", "error", "incomplete_details", "instructions", "metadata", "temperature",
        "top_p", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "tool_choice", "tools",
    ];

    public static TheoryData<string, bool> EveryWire => new(Wires.SelectMany(wire => (bool[])[false, true], (wire, stream) => (wire, stream)));

    public static TheoryData<string> EachWire => new(Wires);

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Text_is_answered_with_every_key(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "Hello back"));

        var answer = await environment.RespondAsync(stream, "\"instructions\":\"Be brief.\",\"temperature\":0.5", ("X-OpenRouter-Metadata", "enabled"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("Hello back", answer.OutputText);
        Assert.Equal(["message"], answer.ItemTypes);
        foreach (var key in RequiredKeys) Assert.True(answer.Response.AsObject().ContainsKey(key), key);
        Assert.Equal(("response", "completed", TestEnvironment.Model), ((string?)answer.Response["object"], (string?)answer.Response["status"],
            (string?)answer.Response["model"]));
        Assert.Equal(("Be brief.", 0.5), ((string?)answer.Response["instructions"], (double)answer.Response["temperature"]!));
        Assert.Equal(answer.Headers["X-Generation-Id"], (string?)answer.Response["id"]);
        Assert.InRange((long)answer.Response["completed_at"]!, (long)answer.Response["created_at"]!, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        var usage = answer.Response["usage"]!;
        Assert.Equal((int)usage["input_tokens"]! + (int)usage["output_tokens"]!, (int)usage["total_tokens"]!);
        var cost = (int)usage["input_tokens"]! * TestCatalog.PromptPrice + (int)usage["output_tokens"]! * TestCatalog.CompletionPrice;
        Assert.Equal(cost, (decimal)usage["cost"]!);
        Assert.NotNull(usage["input_tokens_details"]!["cached_tokens"]);
        Assert.NotNull(usage["output_tokens_details"]!["reasoning_tokens"]);
        Assert.NotNull(answer.Response["openrouter_metadata"]);
        Assert.Contains("Be brief.", environment["alpha"].Request.Body, StringComparison.Ordinal);
        Assert.Equal("completions", (string?)(await environment.RecordAsync(answer.Headers["X-Generation-Id"]))["api_type"]);
        if (!stream) return;
        Assert.Equal(["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"], answer.Types.Distinct());
        Assert.EndsWith("data: [DONE]\n\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Parallel_calls_come_with_their_arguments_and_their_results_go_back(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Calls(wire));

        var answer = await environment.RespondAsync(stream, Tools + ",\"tool_choice\":\"auto\"");

        Assert.Equal("completed", (string?)answer.Response["status"]);
        var calls = answer.Response["output"]!.AsArray().Where(item => (string?)item!["type"] == "function_call").ToList();
        Assert.Equal(["get_weather", "get_time"], calls.Select(call => (string?)call!["name"]));
        Assert.Equal(["{\"city\":\"Bern\"}", "{}"], calls.Select(call => JsonNode.Parse((string)call!["arguments"]!)!.ToJsonString()));
        Assert.Equal(2, calls.Select(call => (string?)call!["call_id"]).Distinct().Count());
        if (stream)
            Assert.Equal(2, answer.Events.Count(one => (string?)one["type"] == "response.function_call_arguments.done" && one["name"] is not null));

        environment["alpha"].Answer = WireAnswers.Says(wire, "Sunny at noon");
        var input = new JsonArray([new JsonObject { ["role"] = "user", ["content"] = "Weather and time?" },
            .. answer.Response["output"]!.AsArray().Select(item => item!.DeepClone()),
            .. calls.Select(call => new JsonObject
            {
                ["type"] = "function_call_output",
                ["id"] = "output_" + call!["call_id"],
                ["call_id"] = (string?)call["call_id"],
                ["output"] = $"result of {call["name"]}",
            })]);
        var second = await environment.RespondAsync(stream, $"{Tools},\"input\":{input.ToJsonString()}");

        Assert.Equal("Sunny at noon", second.OutputText);
        var sent = environment["alpha"].Requests[1].Body;
        Assert.Contains("result of get_weather", sent, StringComparison.Ordinal);
        Assert.Contains("result of get_time", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("edgerouter.", sent, StringComparison.Ordinal);
        if (wire == "gemini") Assert.Contains("\"thoughtSignature\":\"c2ln\"", sent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Image_reaches_the_provider_in_a_message_and_in_a_result(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "A picture"));

        var answer = await environment.RespondAsync(stream, Tools + """
            ,"input":[{"role":"user","content":[{"type":"input_text","text":"Look"},
            {"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"}]},
            {"type":"function_call","call_id":"call_1","name":"get_time","arguments":"{}"},
            {"type":"function_call_output","call_id":"call_1","output":[{"type":"input_text","text":"noon"},
            {"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgs="}]}]
            """);

        Assert.Equal("A picture", answer.OutputText);
        Assert.Contains("iVBORw0KGgo=", environment["alpha"].Request.Body, StringComparison.Ordinal);
        Assert.Contains("iVBORw0KGgs=", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Schema_of_the_answer_reaches_the_provider(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "{}"));

        var answer = await environment.RespondAsync(stream, """
            "text":{"format":{"type":"json_schema","name":"city","strict":true,"schema":{"type":"object","properties":{"altitude":{"type":"integer"}},
            "required":["altitude"],"additionalProperties":false}}}
            """);

        Assert.Equal("{}", answer.OutputText);
        Assert.Contains("altitude", environment["alpha"].Request.Body, StringComparison.Ordinal);
        Assert.Equal("city", (string?)answer.Response["text"]!["format"]!["name"]);
        Assert.False(answer.Headers.ContainsKey("X-EdgeRouter-Dropped-Parameters"));
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Thought_comes_before_the_text_and_goes_back_with_its_signature(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Thinks(wire));

        var answer = await environment.RespondAsync(stream, "\"reasoning\":{\"effort\":\"high\"}");

        Assert.Equal(["reasoning", "message"], answer.ItemTypes);
        var member = wire == "openai-responses" ? "summary" : "content";
        Assert.Equal(("Hm.", "Fine."), ((string?)answer.Item(0)[member]![0]!["text"], answer.OutputText));
        var signed = wire switch { "anthropic-messages" => "edgerouter.anthropic-claude-v1..text.sig", "openai-responses" => "opaque", _ => null };
        Assert.Equal(signed, (string?)answer.Item(0)["encrypted_content"]);
        if (stream) Assert.Contains($"response.reasoning_{(member == "summary" ? "summary_" : "")}text.delta", answer.Types);

        await environment.RespondAsync(stream, "\"reasoning\":{\"effort\":\"high\"},\"input\":" + new JsonArray(
            new JsonObject { ["role"] = "user", ["content"] = "Hi" }, answer.Item(0).DeepClone(), answer.Item(1).DeepClone(),
            new JsonObject { ["role"] = "user", ["content"] = "Go on" }).ToJsonString());

        var sent = environment["alpha"].Requests[1].Body;
        if (wire == "anthropic-messages") Assert.Contains("\"thinking\":\"Hm.\",\"signature\":\"sig\"", sent, StringComparison.Ordinal);
        if (wire == "openai-responses") Assert.Contains("\"encrypted_content\":\"opaque\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("edgerouter.", sent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Error_before_the_answer_has_OpenRouters_envelope(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, OpenAIWire.Fails(400, "Your prompt is odd.", "invalid_request_error"));

        var answer = await environment.RespondAsync(stream);

        Assert.Equal((400, 400), (answer.Status, (int)answer.Response["error"]!["code"]!));
        Assert.NotEmpty((string)answer.Response["error"]!["message"]!);
    }

    [Theory, MemberData(nameof(EachWire))]
    public async Task Error_in_the_middle_is_an_event_and_never_looks_complete(string wire)
    {
        var start = WireAnswers.Stream(wire, "Hello")[..Pieces(wire)];
        await using var environment = await StartAsync(wire, ProviderAnswer.Stream([.. start, WireAnswers.MidstreamError(wire)]));

        var answer = await environment.RespondAsync(stream: true);

        Assert.Equal(["error", "response.failed"], answer.Types.TakeLast(2));
        Assert.Equal("server_error", (string?)answer.Events[^2]["code"]);
        Assert.Equal(("failed", "Hello", "incomplete"), ((string?)answer.Response["status"], answer.OutputText, (string?)answer.Item(0)["status"]));
        Assert.DoesNotContain("response.completed", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EachWire))]
    public async Task Caller_who_leaves_is_noticed(string wire)
    {
        var start = WireAnswers.Stream(wire, "Hello")[..Pieces(wire)];
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(start), wire, new JsonObject { ["abort_stops_billing"] = true });
        await environment.StartRouterAsync();

        using (var stream = await CallerStream.OpenAsync(await environment.PostResponseAsync(ResponsesCaller.Body(stream: true))))
            await stream.ReadToAsync(line => line.Contains("\"delta\":\"Hello\"", StringComparison.Ordinal));

        await alpha.Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>The pieces of a stream up to its text.</summary>
    private static int Pieces(string wire) => wire switch { "gemini" => 1, "anthropic-messages" => 4, "openai-responses" => 5, _ => 2 };

    private static async Task<TestEnvironment> StartAsync(string wire, ProviderAnswer answer)
    {
        var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", answer, wire);
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new JsonObject
        {
            ["supported_parameters"] = new JsonArray("max_tokens", "temperature", "top_p", "stop", "tools", "tool_choice", "reasoning", "response_format",
                "structured_outputs"),
        })]);
        await environment.StartRouterAsync();
        return environment;
    }
}
