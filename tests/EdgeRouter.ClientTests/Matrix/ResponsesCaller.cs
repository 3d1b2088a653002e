using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary><c>POST /responses</c>.</summary>
internal sealed class ResponsesCaller : MatrixCaller
{
    public override string Name => "responses";

    protected override string PathOf(Ask ask) => "/api/v1/responses";

    protected override JsonObject WriteBody(Ask ask)
    {
        var content = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = ask.Text });
        if (ask.Scenario == Scenario.Image)
            content.Add(new JsonObject { ["type"] = "input_image", ["detail"] = "auto", ["image_url"] = "data:image/png;base64," + PictureBase64 });
        var input = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        if (ask.Earlier is { } earlier)
        {
            foreach (var item in earlier.Turn!.AsArray()) input.Add(item!.DeepClone());
            foreach (var call in earlier.Calls)
                input.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = Ask.ResultOf(call) });
        }
        var body = new JsonObject { ["model"] = ask.Model, ["stream"] = ask.Stream, ["store"] = false, ["input"] = input };
        if (ask.HasTools)
        {
            body["tools"] = new JsonArray(Tool("get_weather", Ask.WeatherParameters));
            if (ask.HasTwoTools) body["tools"]!.AsArray().Add(Tool("get_time", """{"type":"object","properties":{}}"""));
        }
        if (ask.Scenario == Scenario.Structured)
        {
            body["text"] = new JsonObject
            {
                ["format"] = new JsonObject { ["type"] = "json_schema", ["name"] = "weather", ["strict"] = true, ["schema"] = Parse(Ask.Schema) },
            };
        }
        if (ask.Scenario == Scenario.Reasoning) body["reasoning"] = new JsonObject { ["effort"] = "low" };
        return body;
    }

    private static JsonObject Tool(string name, string parameters) =>
        new() { ["type"] = "function", ["name"] = name, ["parameters"] = Parse(parameters), ["strict"] = false };

    public override Seen ReadWhole(JsonNode body) => (string?)body["object"] == "response" ? Read(body) : Failed(body["error"]!);

    public override Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events)
    {
        var (text, thought, done) = ("", "", false);
        JsonNode? last = null, error = null;
        var arguments = new Dictionary<string, string>();
        for (var i = 0; i < events.Count; i++)
        {
            var (type, data) = events[i];
            Assert.False(done, "an event follows [DONE]");
            done = data is null;
            if (data is null) continue;
            Assert.Equal((type, i), ((string?)data["type"], (int)data["sequence_number"]!));
            var delta = StringOf(data["delta"]);
            switch (type)
            {
                case "response.output_text.delta": text += delta; break;
                case "response.reasoning_text.delta" or "response.reasoning_summary_text.delta": thought += delta; break;
                case "response.function_call_arguments.delta":
                    var item = (string)data["item_id"]!;
                    arguments[item] = arguments.GetValueOrDefault(item) + delta;
                    break;
                case "error": error = data; break;
                case "response.completed" or "response.incomplete" or "response.failed": last = data["response"]; break;
            }
        }
        if (error is not null)
        {
            Assert.Equal("failed", (string?)last!["status"]);
            return Failed(error) with { Text = text };
        }
        // The end must repeat what the pieces said.
        var seen = Read(last!);
        Assert.Equal((seen.Text, seen.Thought), (text, thought));
        Assert.Equal(seen.Calls.Select(call => call.Arguments), arguments.Values);
        return seen with { Complete = seen.Complete && done };
    }

    private static Seen Read(JsonNode response)
    {
        var output = response["output"]!.AsArray();
        var calls = output.Where(item => (string?)item!["type"] == "function_call").ToList();
        return new Seen
        {
            Text = Join(output, "message", "content"),
            Thought = Join(output, "reasoning", "content") + Join(output, "reasoning", "summary"),
            Calls = [.. calls.Select(call => new Call((string)call!["call_id"]!, (string)call["name"]!, (string)call["arguments"]!))],
            // Responses have no reason for it: a call is there, or not.
            StoppedForTools = calls.Count > 0,
            Complete = (string?)response["status"] == "completed",
            InputTokens = (long)response["usage"]!["input_tokens"]!,
            OutputTokens = (long)response["usage"]!["output_tokens"]!,
            Turn = output,
        };
    }

    private static string Join(JsonArray output, string type, string member) => string.Concat(output.Where(item => (string?)item!["type"] == type)
        .SelectMany(item => item![member]?.AsArray() ?? []).Select(part => StringOf(part!["text"])));

    private static Seen Failed(JsonNode error) => new() { Error = (string)error["message"]!, RateLimited = error["code"]!.ToString() == "429" };
}
