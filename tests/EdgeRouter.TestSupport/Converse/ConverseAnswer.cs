using System.Text.Json.Nodes;

namespace EdgeRouter.TestSupport.Converse;

/// <summary>What a model answers, whole and as the events of a stream.</summary>
public sealed class ConverseAnswer
{
    public const int InputTokens = 21;
    public const int OutputTokens = 13;
    public const string Signature = "c2lnbmF0dXJl";

    private readonly List<JsonObject> blocks = [];
    private string stopReason = "end_turn";

    private static JsonObject Usage => new()
    {
        ["inputTokens"] = InputTokens,
        ["outputTokens"] = OutputTokens,
        ["totalTokens"] = InputTokens + OutputTokens + 5 + 7,
        ["cacheReadInputTokens"] = 5,
        ["cacheWriteInputTokens"] = 7,
    };

    public JsonObject Whole => new()
    {
        ["output"] = new JsonObject
        {
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. blocks.Select(block => block.DeepClone())]) },
        },
        ["stopReason"] = stopReason,
        ["usage"] = Usage,
        ["metrics"] = new JsonObject { ["latencyMs"] = 12 },
    };

    public IEnumerable<(string Type, JsonObject Payload)> Events
    {
        get
        {
            yield return ("messageStart", new JsonObject { ["role"] = "assistant" });
            for (var i = 0; i < blocks.Count; i++)
            {
                if (blocks[i]["toolUse"] is { } call)
                {
                    var head = new JsonObject { ["toolUseId"] = call["toolUseId"]!.DeepClone(), ["name"] = call["name"]!.DeepClone() };
                    var start = new JsonObject { ["toolUse"] = head };
                    yield return ("contentBlockStart", new JsonObject { ["contentBlockIndex"] = i, ["start"] = start });
                }
                foreach (var delta in Deltas(blocks[i]))
                    yield return ("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = i, ["delta"] = delta, ["p"] = "abcdefg" });
                yield return ("contentBlockStop", new JsonObject { ["contentBlockIndex"] = i });
            }
            yield return ("messageStop", new JsonObject { ["stopReason"] = stopReason });
            yield return ("metadata", new JsonObject { ["usage"] = Usage, ["metrics"] = new JsonObject { ["latencyMs"] = 12 } });
        }
    }

    /// <summary>The answer to a request whose shape was checked.</summary>
    public static ConverseAnswer To(JsonObject request, string scenario)
    {
        var answer = new ConverseAnswer();
        var content = request["messages"]!.AsArray()[^1]!["content"]!.AsArray();
        if (scenario == "reasoning")
        {
            answer.blocks.Add(new JsonObject
            {
                ["reasoningContent"] = new JsonObject
                {
                    ["reasoningText"] = new JsonObject { ["text"] = "They greet me.", ["signature"] = Signature },
                },
            });
        }
        if (content.Select(block => block!["toolResult"]).FirstOrDefault(result => result is not null) is { } result)
            answer.Say("The tool said: " + result["content"]![0]!["text"]!.GetValue<string>());
        else if (scenario == "tools") answer.Call(request["toolConfig"]!["tools"]![0]!["toolSpec"]!["name"]!.GetValue<string>());
        else if (content.Select(block => block!["image"]).FirstOrDefault(image => image is not null) is { } image)
            answer.Say($"A {image["format"]!.GetValue<string>()} of {Convert.FromBase64String(image["source"]!["bytes"]!.GetValue<string>()).Length} bytes.");
        else answer.Say("You said: " + content.Select(block => block!["text"]).Last(text => text is not null)!.GetValue<string>());
        return answer;
    }

    private void Say(string text) => blocks.Add(new JsonObject { ["text"] = text });

    /// <summary>Two calls at once.</summary>
    private void Call(string tool)
    {
        foreach (var (id, city) in (ReadOnlySpan<(string, string)>)[("tooluse_1", "Paris"), ("tooluse_2", "Rome")])
        {
            blocks.Add(new JsonObject
            {
                ["toolUse"] = new JsonObject { ["toolUseId"] = id, ["name"] = tool, ["input"] = new JsonObject { ["city"] = city } },
            });
        }
        stopReason = "tool_use";
    }

    private static IEnumerable<JsonObject> Deltas(JsonObject block)
    {
        if (block["text"] is { } text)
            foreach (var piece in Halves(text.GetValue<string>())) yield return new JsonObject { ["text"] = piece };
        if (block["toolUse"]?["input"] is { } input)
            foreach (var piece in Halves(input.ToJsonString())) yield return new JsonObject { ["toolUse"] = new JsonObject { ["input"] = piece } };
        if (block["reasoningContent"]?["reasoningText"] is not { } thought) yield break;
        foreach (var piece in Halves(thought["text"]!.GetValue<string>())) yield return Reasoning("text", piece);
        yield return Reasoning("signature", thought["signature"]!.GetValue<string>());
    }

    private static JsonObject Reasoning(string member, string value) => new() { ["reasoningContent"] = new JsonObject { [member] = value } };

    private static string[] Halves(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];
}
