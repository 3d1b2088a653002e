using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Messages;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Gemini;

/// <summary>Gemini's API over every wire, whole and streamed, on real sockets: what the caller gets must not depend on the wire.</summary>
public sealed class GeminiMatrixTests
{
    private const string Tools = """
        "tools":[{"functionDeclarations":[
          {"name":"get_weather","description":"W","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}},{"name":"get_time"}]}]
        """;
    private static readonly string[] Wires = ["openai-chat", "anthropic-messages", "gemini"];

    public static TheoryData<string, bool> EveryWire => new(Wires.SelectMany(wire => (bool[])[false, true], (wire, stream) => (wire, stream)));

    public static TheoryData<string> EachWire => [.. Wires];

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Text_is_answered_with_usage_and_cost(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "Hello back"));

        var answer = await environment.GenerateAsync(stream, headers: ("X-OpenRouter-Metadata", "enabled"));

        Assert.Equal((200, stream ? "text/event-stream" : "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal(("Hello back", "STOP"), (answer.Text, answer.FinishReason));
        Assert.Equal((TestEnvironment.Model, answer.Headers["X-Generation-Id"]), ((string?)answer.Last["modelVersion"], (string?)answer.Last["responseId"]));
        Assert.Equal("model", (string?)answer.Pieces[0]["candidates"]![0]!["content"]!["role"]);
        var usage = answer.Last["usageMetadata"]!;
        var (prompt, output) = ((int)usage["promptTokenCount"]!, (int)usage["candidatesTokenCount"]!);
        Assert.True(prompt > 0 && output > 0);
        Assert.Equal(prompt + output, (int)usage["totalTokenCount"]!);
        Assert.Equal(prompt * TestCatalog.PromptPrice + output * TestCatalog.CompletionPrice, (decimal)usage["cost"]!);
        Assert.NotNull(answer.Last["openrouter_metadata"]);
        Assert.Equal("alpha", answer.Headers["X-EdgeRouter-Provider"]);
        Assert.Equal("completions", (string?)(await environment.RecordAsync(answer.Headers["X-Generation-Id"]))["api_type"]);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Call_comes_whole_and_its_result_goes_back(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Calls(wire));

        var answer = await environment.GenerateAsync(stream, Tools + ",\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}");

        Assert.Equal("STOP", answer.FinishReason);
        Assert.Equal(["get_weather", "get_time"], answer.Calls.Select(call => (string?)call["name"]));
        Assert.Equal(["{\"city\":\"Bern\"}", "{}"], answer.Calls.Select(call => call["args"]!.ToJsonString()));
        Assert.Equal(2, answer.Calls.Select(call => (string?)call["id"]).Distinct().Count());

        environment["alpha"].Answer = WireAnswers.Says(wire, "Sunny at noon");
        var contents = new JsonArray(JsonNode.Parse("{\"role\":\"user\",\"parts\":[{\"text\":\"Weather and time?\"}]}"));
        foreach (var piece in answer.Pieces) contents.Add(piece["candidates"]![0]!["content"]!.DeepClone());
        contents.Add(new JsonObject
        {
            ["role"] = "user",
            ["parts"] = new JsonArray([.. answer.Calls.Select(call => new JsonObject
            {
                ["functionResponse"] = new JsonObject
                {
                    ["id"] = (string?)call["id"],
                    ["name"] = (string?)call["name"],
                    ["response"] = new JsonObject { ["output"] = $"result of {call["name"]}" },
                },
            })]),
        });
        var second = await environment.GenerateAsync(stream, $"{Tools},\"contents\":{contents.ToJsonString()}");

        Assert.Equal("Sunny at noon", second.Text);
        var sent = environment["alpha"].Requests[1].Body;
        Assert.Contains("result of get_weather", sent, StringComparison.Ordinal);
        Assert.Contains("result of get_time", sent, StringComparison.Ordinal);
        Assert.Equal(wire == "gemini", sent.Contains("\"thoughtSignature\":\"c2ln\"", StringComparison.Ordinal));
        if (wire == "openai-chat") Assert.Single(environment["alpha"].Requests[1].Json["messages"]!.AsArray(), turn => turn!["tool_calls"] is not null);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Image_reaches_the_provider(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "A picture"));

        var answer = await environment.GenerateAsync(stream, """
            "contents":[{"parts":[{"text":"Look"},{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}}],"role":"user"}]
            """);

        Assert.Equal("A picture", answer.Text);
        Assert.Contains("iVBORw0KGgo=", environment["alpha"].Request.Body, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Schema_reaches_the_provider(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "{}"));

        var answer = await environment.GenerateAsync(stream, """
            "generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"shirt":{"type":"STRING"}}}}
            """);

        Assert.Equal("{}", answer.Text);
        Assert.Contains("\"shirt\":{\"type\":\"" + (wire == "gemini" ? "STRING" : "string"), environment["alpha"].Request.Body.Replace(" ", "",
            StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Thoughts_come_only_when_they_are_asked_for(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Thinks(wire));

        var shown = await environment.GenerateAsync(stream, "\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}");
        var hidden = await environment.GenerateAsync(stream);

        Assert.Equal(("Hm.", "Fine."), (shown.Thoughts, shown.Text));
        Assert.Equal(("", "Fine."), (hidden.Thoughts, hidden.Text));
        Assert.Equal(wire == "anthropic-messages", shown.Parts.Any(part => part["thoughtSignature"] is not null));
    }

    [Theory, MemberData(nameof(EveryWire))]
    public async Task Error_before_the_answer_has_Googles_envelope(string wire, bool stream)
    {
        await using var environment = await StartAsync(wire, OpenAIWire.Fails(400, "Your prompt is odd.", "invalid_request_error"));

        var answer = await environment.GenerateAsync(stream);

        Assert.Equal((400, "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal((400, "INVALID_ARGUMENT"), ((int)answer.Error!["code"]!, (string?)answer.Error["status"]));
        Assert.NotEmpty((string)answer.Error["message"]!);
    }

    [Theory, MemberData(nameof(EachWire))]
    public async Task Error_in_the_middle_is_an_event_and_never_looks_complete(string wire)
    {
        await using var environment = await StartAsync(wire, ProviderAnswer.Stream([.. Start(wire), WireAnswers.MidstreamError(wire)]));

        var answer = await environment.GenerateAsync(stream: true);

        Assert.Equal("Hello", answer.Text);
        Assert.Equal((503, "UNAVAILABLE"), ((int)answer.Error!["code"]!, (string?)answer.Error["status"]));
        Assert.DoesNotContain(answer.Pieces, piece => piece["candidates"]?[0]?["finishReason"] is not null);
    }

    [Theory, MemberData(nameof(EachWire))]
    public async Task Array_is_whole_JSON_at_a_good_end_and_at_a_bad_one(string wire)
    {
        await using var environment = await StartAsync(wire, WireAnswers.Says(wire, "Hello"));
        var path = GeminiCaller.Path(stream: true).Replace("?alt=sse", "", StringComparison.Ordinal);

        var good = await AskAsync();
        environment["alpha"].Answer = ProviderAnswer.Stream([.. Start(wire), WireAnswers.MidstreamError(wire)]);
        var bad = await AskAsync();

        Assert.Equal(("application/json", "Hello", "STOP"), (good.MediaType, good.Text, good.FinishReason));
        Assert.Equal(("Hello", "UNAVAILABLE"), (bad.Text, (string?)bad.Error!["status"]));
        Assert.DoesNotContain(bad.Pieces, piece => piece["candidates"]?[0]?["finishReason"] is not null);

        async Task<GeminiAnswer> AskAsync()
        {
            using var response = await environment.PostGeminiAsync(path);
            return await GeminiAnswer.ReadAsync(response);
        }
    }

    [Theory, MemberData(nameof(EachWire))]
    public async Task Caller_who_leaves_is_noticed(string wire)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence([.. Start(wire)]), wire,
            new JsonObject { ["abort_stops_billing"] = true });
        await environment.StartRouterAsync();

        using (var stream = await CallerStream.OpenAsync(await environment.PostGeminiAsync(GeminiCaller.Path(stream: true))))
            await stream.ReadToAsync(line => line.Contains("\"text\":\"Hello\"", StringComparison.Ordinal));

        await alpha.Request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static string[] Start(string wire) => WireAnswers.Stream(wire, "Hello")[..(wire == "gemini" ? 1 : wire == "anthropic-messages" ? 4 : 2)];

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
