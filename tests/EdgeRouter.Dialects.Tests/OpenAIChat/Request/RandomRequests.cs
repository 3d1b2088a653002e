using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Draws valid bodies: any mixture of members, in any order, with any escapes and white space, with nulls, empty lists and unknown members.</summary>
internal sealed class RandomRequests(Random random)
{
    private static readonly string[] Texts = ["", "Hi", "line\nbreak \"quoted\" \\ é € 😀", "{\"json\":true}", "</script>&'+"];
    private static readonly string[] Efforts = ["max", "xhigh", "high", "medium", "low", "minimal", "none"];

    public byte[] Next()
    {
        var members = new List<KeyValuePair<string, JsonNode?>> { new("messages", List(1, 5, Message)) };
        if (Chance(0.9)) members.Add(new("model", "author/model"));
        AddParameters(members);
        AddFeatures(members);
        AddRouterMembers(members);
        var body = Encoding.UTF8.GetBytes(Write(new JsonObject(Shuffled(members))));
        return Chance(0.1) ? WithDuplicates(body) : body;
    }

    private void AddParameters(List<KeyValuePair<string, JsonNode?>> members)
    {
        Maybe(members, "max_tokens", () => random.Next(1, 5000), nullable: true);
        Maybe(members, "max_completion_tokens", () => random.Next(1, 5000), nullable: true);
        Maybe(members, "temperature", () => Math.Round(random.NextDouble() * 2, 3), nullable: true);
        Maybe(members, "top_p", () => Math.Round(random.NextDouble(), 3), nullable: true);
        Maybe(members, "top_k", () => random.Next(100), nullable: true);
        Maybe(members, "min_p", () => 0.1, nullable: true);
        Maybe(members, "top_a", () => 1, nullable: true);
        Maybe(members, "frequency_penalty", () => -1.5, nullable: true);
        Maybe(members, "presence_penalty", () => 0, nullable: true);
        Maybe(members, "repetition_penalty", () => 1.1, nullable: true);
        Maybe(members, "seed", () => random.NextInt64(), nullable: true);
        Maybe(members, "stop", () => Chance(0.5) ? Text() : List(0, 5, Text), nullable: true);
        Maybe(members, "logit_bias", () => new JsonObject { ["1"] = -100, ["2"] = 0.5 }, nullable: true);
        Maybe(members, "logprobs", Flag, nullable: true);
        Maybe(members, "top_logprobs", () => random.Next(21), nullable: true);
        Maybe(members, "n", () => random.Next(1, 4), nullable: true);
        Maybe(members, "verbosity", () => "high", nullable: true);
        Maybe(members, "service_tier", () => Pick("auto", "fast", "flex", "priority"), nullable: true);
        Maybe(members, "speed", () => Pick("fast", "standard"), nullable: true);
        Maybe(members, "user", Text);
    }

    private void AddFeatures(List<KeyValuePair<string, JsonNode?>> members)
    {
        Maybe(members, "tools", () => List(0, 3, Tool));
        Maybe(members, "tool_choice", () => Chance(0.5) ? Pick("none", "auto", "required")
            : new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f" } });
        Maybe(members, "parallel_tool_calls", Flag, nullable: true);
        Maybe(members, "response_format", Format);
        Maybe(members, "modalities", () => List(0, 3, () => Pick("text", "image", "audio")));
        Maybe(members, "cache_control", CacheControl);
        Maybe(members, "prediction", () => new JsonObject { ["type"] = "content", ["content"] = Text() }, nullable: true);
        Maybe(members, "audio", () => new JsonObject { ["voice"] = "alloy", ["format"] = "wav" }, nullable: true);
        Maybe(members, "image_config", () => new JsonObject { ["aspect_ratio"] = "1:1", ["n"] = 1 });
        Maybe(members, "prompt_cache_key", Text, nullable: true);
        Maybe(members, "safe_prompt", Flag, nullable: true);
        Maybe(members, "unknown é \"key\"", () => new JsonObject { ["a"] = List(0, 3, Text), ["b"] = null });
        if (Chance(0.3)) AddReasoning(members);
    }

    private void AddReasoning(List<KeyValuePair<string, JsonNode?>> members)
    {
        var effort = Pick(Efforts);
        var hasBudget = Chance(0.3);
        var reasoning = new JsonObject();
        Member(reasoning, "exclude", 0.3, Flag);
        Member(reasoning, "enabled", 0.3, Flag);
        Member(reasoning, "summary", 0.2, () => "auto");
        Member(reasoning, "mode", 0.2, () => "pro");
        Member(reasoning, "unknown", 0.1, () => 1);
        if (hasBudget) reasoning["max_tokens"] = random.Next(1, 6000);
        else if (Chance(0.5)) reasoning["effort"] = effort.DeepClone();
        Maybe(members, "reasoning", () => reasoning, nullable: true, chance: 0.8);
        if (!hasBudget) Maybe(members, "reasoning_effort", () => effort, nullable: true);
        Maybe(members, "include_reasoning", Flag, nullable: true);
    }

    private void AddRouterMembers(List<KeyValuePair<string, JsonNode?>> members)
    {
        Maybe(members, "stream", Flag);
        Maybe(members, "stream_options", () => new JsonObject { ["include_usage"] = false }, nullable: true);
        Maybe(members, "provider", () => new JsonObject { ["order"] = List(0, 2, () => "openai"), ["sort"] = "price" }, nullable: true);
        Maybe(members, "models", () => List(0, 3, () => "a/b"));
        Maybe(members, "metadata", () => new JsonObject { ["k"] = Text() });
        Maybe(members, "session_id", Text);
        Maybe(members, "route", () => "fallback", nullable: true);
        Maybe(members, "transforms", () => new JsonArray());
        Maybe(members, "plugins", () => List(0, 2, () => new JsonObject { ["id"] = "web", ["enabled"] = false }));
        Maybe(members, "structured_outputs", Flag, nullable: true);
        Maybe(members, "usage", () => new JsonObject { ["include"] = true }, nullable: true);
    }

    private JsonNode Message()
    {
        var role = Pick("system", "developer", "user", "assistant", "tool").GetValue<string>();
        var message = new JsonObject { ["role"] = role };
        if (role == "tool") message["tool_call_id"] = "c1";
        if (role == "assistant") FillAssistant(message);
        else if (role is "system" or "developer") message["content"] = Chance(0.5) ? Text() : List(1, 3, TextPart);
        else message["content"] = Content();
        Member(message, "name", 0.2, Text);
        Member(message, "unknown", 0.1, () => new JsonObject { ["x"] = null });
        return new JsonObject(Shuffled(Detached(message)));
    }

    private void FillAssistant(JsonObject message)
    {
        Member(message, "content", 0.8, () => Chance(0.1) ? new JsonArray() : Content());
        Member(message, "tool_calls", 0.4, () => List(0, 3, ToolCall));
        Member(message, "refusal", 0.2, Text);
        Member(message, "reasoning", 0.15, Text);
        Member(message, "reasoning_content", 0.1, Text);
        Member(message, "reasoning_details", 0.1, () => List(0, 2, () => new JsonObject { ["type"] = "reasoning.text", ["text"] = Text(), ["id"] = null }));
        Member(message, "model", 0.2, () => "a/b");
        Member(message, "annotations", 0.2, () => new JsonArray());
    }

    private JsonNode ToolCall()
    {
        var function = new JsonObject { ["name"] = "f", ["arguments"] = Text() };
        var call = new JsonObject { ["id"] = "c1", ["function"] = function };
        Member(function, "unknown", 0.1, () => 1);
        Member(call, "type", 0.8, () => "function");
        Member(call, "index", 0.2, () => 0);
        return new JsonObject(Shuffled(Detached(call)));
    }

    private JsonNode Content() => Chance(0.4) ? Text() : List(1, 4, Part);

    private JsonNode TextPart()
    {
        var part = new JsonObject { ["type"] = "text", ["text"] = Text() };
        Member(part, "cache_control", 0.2, CacheControl);
        Member(part, "prompt_cache_breakpoint", 0.03, () => new JsonObject { ["mode"] = "explicit" });
        Member(part, "unknown", 0.1, () => 1);
        return new JsonObject(Shuffled(Detached(part)));
    }

    private JsonNode Part()
    {
        if (Chance(0.5)) return TextPart();
        var (type, inner) = random.Next(6) switch
        {
            0 => ("image_url", new JsonObject { ["url"] = "data:image/png;base64,AA+/" }),
            1 => ("input_audio", new JsonObject { ["data"] = "AA+/", ["format"] = "wav" }),
            2 => ("video_url", new JsonObject { ["url"] = "https://example.com/a.mp4" }),
            3 => ("file", new JsonObject { ["file_id"] = "f" }),
            4 => ("input_video", new JsonObject { ["url"] = "https://example.com/a.mp4" }),
            _ => ("image_url", new JsonObject { ["url"] = "https://example.com/a.png" }),
        };
        if (type == "image_url") Member(inner, "detail", 0.3, () => "low");
        if (type == "file") Member(inner, "filename", 0.5, Text);
        Member(inner, "unknown", 0.1, Text);
        var part = new JsonObject { ["type"] = type, [type == "input_video" ? "video_url" : type] = inner };
        Member(part, "cache_control", 0.1, CacheControl);
        Member(part, "unknown", 0.1, Flag);
        return new JsonObject(Shuffled(Detached(part)));
    }

    private JsonNode Tool()
    {
        var function = new JsonObject { ["name"] = "f" };
        Member(function, "description", 0.5, Text);
        Member(function, "parameters", 0.5, () => new JsonObject { ["type"] = "object", ["default"] = null });
        Member(function, "strict", 0.3, Flag);
        Member(function, "unknown", 0.1, Text);
        var tool = new JsonObject { ["type"] = "function", ["function"] = function };
        Member(tool, "cache_control", 0.1, CacheControl);
        Member(tool, "unknown", 0.1, Text);
        return new JsonObject(Shuffled(Detached(tool)));
    }

    private JsonNode Format()
    {
        var format = new JsonObject { ["type"] = Pick("text", "json_object", "python", "json_schema", "grammar") };
        if (format["type"]!.GetValue<string>() == "grammar") format["grammar"] = Text();
        if (format["type"]!.GetValue<string>() == "json_schema")
        {
            var schema = new JsonObject { ["name"] = "n" };
            Member(schema, "schema", 0.7, () => new JsonObject { ["type"] = "object" });
            Member(schema, "strict", 0.5, Flag);
            Member(schema, "unknown", 0.1, Text);
            format["json_schema"] = schema;
        }
        Member(format, "unknown", 0.1, Text);
        return new JsonObject(Shuffled(Detached(format)));
    }

    private JsonNode CacheControl() => Chance(0.5) ? new JsonObject { ["type"] = "ephemeral" } : new JsonObject { ["ttl"] = "1h", ["type"] = "ephemeral" };

    private JsonNode Text() => Pick(Texts);

    private JsonNode Flag() => Chance(0.5);

    private JsonNode Pick(params string[] words) => words[random.Next(words.Length)];

    private bool Chance(double probability) => random.NextDouble() < probability;

    private JsonArray List(int min, int max, Func<JsonNode> item) => new([.. Enumerable.Range(0, random.Next(min, max)).Select(_ => item())]);

    private void Member(JsonObject parent, string name, double chance, Func<JsonNode?> value)
    {
        if (Chance(chance)) parent[name] = Chance(0.15) ? null : value();
    }

    private void Maybe(List<KeyValuePair<string, JsonNode?>> members, string name, Func<JsonNode?> value, bool nullable = false, double chance = 0.2)
    {
        if (Chance(chance)) members.Add(new(name, nullable && Chance(0.15) ? null : value()));
    }

    private static KeyValuePair<string, JsonNode?>[] Detached(JsonObject node)
    {
        var members = node.ToArray();
        node.Clear();
        return members;
    }

    private KeyValuePair<string, JsonNode?>[] Shuffled(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var shuffled = members.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private string Write(JsonObject body) => body.ToJsonString(new JsonSerializerOptions
    {
        WriteIndented = Chance(0.5),
        Encoder = Chance(0.5) ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    // An earlier messages, tools and temperature, which the later ones replace.
    private static byte[] WithDuplicates(byte[] body) =>
    [
        .. """
            {"messages":[{"role":"user","name":null,"content":[{"type":"text","text":"old","cache_control":{"type":"ephemeral"}}]}],"unknown":null,"temperature":1,
             "tools":[{"type":"function","function":{"name":"old","strict":null}}],"unknown":"old","tools":[],"temperature":null,
            """u8,
        .. body.AsSpan(1),
    ];
}
