using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary><c>POST /chat/completions</c>.</summary>
internal sealed class ChatCaller : MatrixCaller
{
    public override string Name => "chat";

    protected override string PathOf(Ask ask) => "/api/v1/chat/completions";

    protected override JsonObject WriteBody(Ask ask)
    {
        JsonNode content = ask.Scenario == Scenario.Image
            ? new JsonArray(new JsonObject { ["type"] = "text", ["text"] = ask.Text },
                new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = "data:image/png;base64," + PictureBase64 } })
            : ask.Text;
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        if (ask.Earlier is { } earlier)
        {
            messages.Add(earlier.Turn!.DeepClone());
            foreach (var call in earlier.Calls)
                messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = Ask.ResultOf(call) });
        }
        var body = new JsonObject { ["model"] = ask.Model, ["stream"] = ask.Stream, ["messages"] = messages };
        if (ask.HasTools)
        {
            body["tools"] = new JsonArray(Tool("get_weather", Ask.WeatherParameters));
            if (ask.HasTwoTools) body["tools"]!.AsArray().Add(Tool("get_time", """{"type":"object","properties":{}}"""));
        }
        if (ask.Scenario == Scenario.Structured)
        {
            body["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = "weather", ["strict"] = true, ["schema"] = Parse(Ask.Schema) },
            };
        }
        if (ask.Scenario == Scenario.Reasoning) body["reasoning"] = new JsonObject { ["effort"] = "low" };
        return body;
    }

    private static JsonObject Tool(string name, string parameters) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["parameters"] = Parse(parameters) },
    };

    public override Seen ReadWhole(JsonNode body)
    {
        if (body["error"] is { } error) return Failed(error);
        var choice = body["choices"]![0]!;
        var message = choice["message"]!;
        return new Seen
        {
            Text = StringOf(message["content"]),
            Thought = StringOf(message["reasoning"]),
            Calls = [.. (message["tool_calls"]?.AsArray() ?? []).Select(call =>
                new Call((string)call!["id"]!, (string)call["function"]!["name"]!, (string)call["function"]!["arguments"]!))],
            StoppedForTools = (string?)choice["finish_reason"] == "tool_calls",
            Complete = choice["finish_reason"] is not null,
            InputTokens = (long)body["usage"]!["prompt_tokens"]!,
            OutputTokens = (long)body["usage"]!["completion_tokens"]!,
            Turn = message,
        };
    }

    public override Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events)
    {
        var (text, thought, finish, done) = ("", "", (string?)null, false);
        var (calls, details) = (new List<Call>(), new JsonArray());
        JsonNode? usage = null;
        foreach (var (type, data) in events)
        {
            Assert.Null(type);
            Assert.False(done, "an event follows [DONE]");
            done = data is null;
            if (data is null) continue;
            usage = data["usage"] ?? usage;
            if (data["error"] is { } error) return Failed(error) with { Text = text };
            if (data["choices"]!.AsArray() is not [{ } choice]) continue;
            finish = (string?)choice["finish_reason"] ?? finish;
            var delta = choice["delta"]!;
            text += StringOf(delta["content"]);
            thought += StringOf(delta["reasoning"]);
            foreach (var detail in delta["reasoning_details"]?.AsArray() ?? []) details.Add(detail!.DeepClone());
            foreach (var piece in delta["tool_calls"]?.AsArray() ?? []) Add(calls, piece!);
        }
        return new Seen
        {
            Text = text,
            Thought = thought,
            Calls = calls,
            StoppedForTools = finish == "tool_calls",
            Complete = done && finish is not null,
            InputTokens = (long)usage!["prompt_tokens"]!,
            OutputTokens = (long)usage["completion_tokens"]!,
            Turn = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = text,
                ["reasoning_details"] = details,
                ["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
                {
                    ["id"] = call.Id,
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
                })]),
            },
        };
    }

    private static void Add(List<Call> calls, JsonNode piece)
    {
        var index = (int)piece["index"]!;
        if (index == calls.Count) calls.Add(new Call((string)piece["id"]!, (string)piece["function"]!["name"]!, ""));
        calls[index] = calls[index] with { Arguments = calls[index].Arguments + StringOf(piece["function"]!["arguments"]) };
    }

    private static Seen Failed(JsonNode error) =>
        new() { Error = (string)error["message"]!, RateLimited = error["code"]!.ToString() == "429" };
}
