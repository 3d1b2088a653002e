using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses.Caller;

/// <summary>What tests of the caller's side share: requests, and a client that joins a stream as OpenAI's own does.</summary>
internal static class ResponsesSamples
{
    public const string Hello = "\"input\":\"Hi\"";

    public static readonly AnswerHeader Header = new("gen-1760000000-AAabc", 1760000000, "acme/one", "Alpha", ExcludeReasoning: false);

    public static ConversationRequest Read(string body) => (ConversationRequest)new ResponsesCallerApi().Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a request of these members beside model and, if they have none, input.</summary>
    public static ConversationRequest With(string members) => Read(Body(members));

    /// <summary>A body of these members beside model and, if they have none, input.</summary>
    public static string Body(string members) => members.Contains("\"input\":", StringComparison.Ordinal)
        ? $"{{\"model\":\"acme/one\",{members}}}" : $"{{\"model\":\"acme/one\",{Hello}{(members.Length > 0 ? "," : "")}{members}}}";

    /// <summary>The events of a stream, each held against the rules that its name is its type and that they are numbered.</summary>
    public static List<JsonNode> Events(string stream)
    {
        var events = new List<JsonNode>();
        foreach (var lines in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n')))
        {
            if (lines is ["data: [DONE]"]) continue;
            Assert.Equal(2, lines.Length);
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal("event: " + data["type"], lines[0]);
            Assert.Equal(events.Count, (int)data["sequence_number"]!);
            events.Add(data);
        }
        return events;
    }

    /// <summary>The response that a stream is: its last event, whose items are held against those that its other events join to.</summary>
    public static JsonObject Join(string stream)
    {
        var events = Events(stream);
        Assert.Equal(["response.created", "response.in_progress"], events.Take(2).Select(one => (string)one["type"]!));
        var items = new JsonArray();
        foreach (var one in events.Skip(2).SkipLast(1)) Apply(items, one);
        var response = events[^1]["response"]!.AsObject();
        Assert.Equal("response." + response["status"], (string?)events[^1]["type"]);
        Assert.True(JsonNode.DeepEquals(response["output"], items), $"{response["output"]}\n--- joined:\n{items}");
        return response;
    }

    private static void Apply(JsonArray items, JsonNode one)
    {
        var type = (string)one["type"]!;
        var index = (int)one["output_index"]!;
        if (type == "response.output_item.added")
        {
            Assert.Equal(items.Count, index);
            var added = one["item"]!.DeepClone();
            if (added["status"] is { } status) Assert.Equal("in_progress", (string)status!);
            items.Add(added);
            return;
        }
        var item = items[index]!.AsObject();
        if (type == "response.output_item.done")
        {
            var done = one["item"]!.DeepClone().AsObject();
            // What the deltas told is what the item says at last, but for what comes with its end.
            foreach (var name in (string[])["content", "summary", "arguments", "input"])
                Assert.True(JsonNode.DeepEquals(item[name], done[name]), $"{name}: {item[name]} or {done[name]}");
            items[index] = done;
            return;
        }
        Assert.Equal((string?)item["id"], (string?)one["item_id"]);
        var (list, position) = one["summary_index"] is { } summary ? ("summary", (int)summary) : ("content", (int?)one["content_index"] ?? -1);
        var text = position < 0 || item[list]?.AsArray() is not { } texts || position >= texts.Count ? null : texts[position]!.AsObject();
        switch (type["response.".Length..])
        {
            case "content_part.added" or "reasoning_summary_part.added":
                if (item[list] is null) item[list] = new JsonArray();
                Assert.Equal(item[list]!.AsArray().Count, position);
                item[list]!.AsArray().Add(one["part"]!.DeepClone());
                break;
            case "output_text.delta":
                text!["text"] = (string)text["text"]! + (string)one["delta"]!;
                foreach (var token in one["logprobs"]!.AsArray()) text["logprobs"]!.AsArray().Add(token!.DeepClone());
                break;
            case "reasoning_text.delta" or "reasoning_summary_text.delta": text!["text"] = (string)text["text"]! + (string)one["delta"]!; break;
            case "refusal.delta": text!["refusal"] = (string)text["refusal"]! + (string)one["delta"]!; break;
            case "output_text.annotation.added":
                Assert.Equal(text!["annotations"]!.AsArray().Count, (int)one["annotation_index"]!);
                text["annotations"]!.AsArray().Add(one["annotation"]!.DeepClone());
                break;
            case "output_text.done" or "reasoning_text.done" or "reasoning_summary_text.done":
                Assert.Equal((string?)text!["text"], (string?)one["text"]);
                break;
            case "refusal.done": Assert.Equal((string?)text!["refusal"], (string?)one["refusal"]); break;
            case "content_part.done" or "reasoning_summary_part.done": Assert.True(JsonNode.DeepEquals(text, one["part"])); break;
            case "function_call_arguments.delta": item["arguments"] = (string)item["arguments"]! + (string)one["delta"]!; break;
            case "function_call_arguments.done":
                Assert.Equal(((string?)item["arguments"], (string?)item["name"]), ((string?)one["arguments"], (string?)one["name"]));
                break;
            case "custom_tool_call_input.delta": item["input"] = (string)item["input"]! + (string)one["delta"]!; break;
            case "custom_tool_call_input.done": Assert.Equal((string?)item["input"], (string?)one["input"]); break;
            case "image_generation_call.in_progress" or "image_generation_call.completed": break;
            default: Assert.Fail($"unexpected event {type}"); break;
        }
    }
}
