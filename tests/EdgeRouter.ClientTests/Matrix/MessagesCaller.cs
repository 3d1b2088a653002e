using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary><c>POST /messages</c>.</summary>
internal sealed class MessagesCaller : MatrixCaller
{
    public override string Name => "messages";

    protected override string PathOf(Ask ask) => "/api/v1/messages";

    protected override JsonObject WriteBody(Ask ask)
    {
        JsonNode content = ask.Scenario == Scenario.Image
            ? new JsonArray(Text(ask.Text), new JsonObject
            {
                ["type"] = "image",
                ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = PictureBase64 },
            })
            : ask.Text;
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        if (ask.Earlier is { } earlier)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = earlier.Turn!.DeepClone() });
            messages.Add(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray([.. earlier.Calls.Select(call => new JsonObject
                {
                    ["type"] = "tool_result",
                    ["tool_use_id"] = call.Id,
                    ["content"] = new JsonArray(Text(Ask.ResultOf(call))),
                })]),
            });
        }
        var body = new JsonObject { ["model"] = ask.Model, ["stream"] = ask.Stream, ["max_tokens"] = 4000, ["messages"] = messages };
        if (ask.HasTools)
        {
            body["tools"] = new JsonArray(new JsonObject { ["name"] = "get_weather", ["input_schema"] = Parse(Ask.WeatherParameters) });
            if (ask.HasTwoTools)
                body["tools"]!.AsArray().Add(new JsonObject { ["name"] = "get_time", ["input_schema"] = Parse("""{"type":"object","properties":{}}""") });
        }
        if (ask.Scenario == Scenario.Structured)
            body["output_config"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = Parse(Ask.Schema) } };
        if (ask.Scenario == Scenario.Reasoning) body["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 1024 };
        return body;
    }

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    public override Seen ReadWhole(JsonNode body)
    {
        if (body["error"] is { } error) return Failed(error);
        return Read(body["content"]!.AsArray(), (string?)body["stop_reason"], body["usage"]!);
    }

    public override Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events)
    {
        var (content, inputs) = (new JsonArray(), new Dictionary<int, string>());
        var (reason, stopped) = ((string?)null, false);
        JsonNode? usage = null;
        foreach (var (type, data) in events)
        {
            Assert.False(stopped, "an event follows message_stop");
            Assert.Equal(type, (string?)data!["type"]);
            switch (type)
            {
                case "message_start" or "ping" or "content_block_stop":
                    break;
                case "content_block_start":
                    Assert.Equal(content.Count, (int)data["index"]!);
                    content.Add(data["content_block"]!.DeepClone());
                    break;
                case "content_block_delta":
                    Apply(content[(int)data["index"]!]!, data["delta"]!, inputs, (int)data["index"]!);
                    break;
                case "message_delta":
                    (reason, usage) = ((string?)data["delta"]!["stop_reason"], data["usage"]);
                    break;
                case "message_stop":
                    stopped = true;
                    break;
                case "error":
                    return Failed(data["error"]!) with { Text = TextOf(content) };
                default:
                    Assert.Fail($"an event that Anthropic's client does not know: {type}");
                    break;
            }
        }
        foreach (var (index, input) in inputs) content[index]!["input"] = Parse(input);
        return Read(content, stopped ? reason : null, usage!);
    }

    private static void Apply(JsonNode block, JsonNode delta, Dictionary<int, string> inputs, int index)
    {
        if (delta["partial_json"] is { } piece) inputs[index] = inputs.GetValueOrDefault(index) + (string)piece!;
        foreach (var name in (string[])["text", "thinking", "signature"])
            if (delta[name] is { } text) block[name] = StringOf(block[name]) + (string)text!;
    }

    private static Seen Read(JsonArray content, string? reason, JsonNode usage) => new()
    {
        Text = TextOf(content),
        Thought = Join(content, "thinking", "thinking"),
        Calls = [.. content.Where(block => (string?)block!["type"] == "tool_use")
            .Select(block => new Call((string)block!["id"]!, (string)block["name"]!, block["input"]!.ToJsonString()))],
        StoppedForTools = reason == "tool_use",
        Complete = reason is not null,
        InputTokens = (long)usage["input_tokens"]! + ((long?)usage["cache_read_input_tokens"] ?? 0),
        OutputTokens = (long)usage["output_tokens"]!,
        Turn = content,
    };

    private static string TextOf(JsonArray content) => Join(content, "text", "text");

    private static string Join(JsonArray content, string type, string member) =>
        string.Concat(content.Where(block => (string?)block!["type"] == type).Select(block => StringOf(block![member])));

    private static Seen Failed(JsonNode error) => new() { Error = (string)error["message"]!, RateLimited = (string?)error["type"] == "rate_limit_error" };
}
