using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// Shapes of the top-level members' values. Messages are in <see cref="OpenAIChatRequestMessageSchema"/>, tools in
/// <see cref="OpenAIChatRequestToolSchema"/>.
/// </summary>
internal static class OpenAIChatRequestSchema
{
    /// <summary>Words for how hard to reason.</summary>
    public static readonly string[] Efforts = ["max", "xhigh", "high", "medium", "low", "minimal", "none"];

    /// <summary>A string, however long.</summary>
    public static readonly RequestShape Text = new StringShape();

    /// <summary>A string that is not empty.</summary>
    public static readonly RequestShape NonEmpty = new StringShape(min: 1);

    /// <summary>true or false.</summary>
    public static readonly RequestShape Flag = new BooleanShape();

    /// <summary>An object of anything.</summary>
    public static readonly RequestShape AnyObject = Object();

    /// <summary>A cache marker.</summary>
    public static readonly RequestShape CacheControl = new ObjectShape("expected an object of type 'ephemeral'", UnknownKeys.Refused,
        new ObjectMember("type", new WordShape("ephemeral"), Required: true), new ObjectMember("ttl", new WordShape("5m", "1h")));

    /// <summary><c>models</c>.</summary>
    public static readonly RequestShape Models = new ArrayShape(NonEmpty, "expected an array of model ids");

    /// <summary><c>stop</c>.</summary>
    public static readonly RequestShape Stop = new TokenShape("expected a string or an array of at most 4 strings",
        (JsonTokenType.String, Text), (JsonTokenType.StartArray, new ArrayShape(Text, "expected a string or an array of at most 4 strings", max: 4))).OrNull();

    /// <summary><c>logit_bias</c>.</summary>
    public static readonly RequestShape LogitBias = new MapShape(new NumberShape(-100, 100), "expected an object of numbers by token id").OrNull();

    /// <summary><c>prediction</c>.</summary>
    public static readonly RequestShape Prediction = Object(
        new ObjectMember("type", new WordShape("content"), Required: true),
        new ObjectMember("content", new TokenShape("expected a string or an array of text parts",
            (JsonTokenType.String, Text),
            (JsonTokenType.StartArray, new ArrayShape(Object(
                new ObjectMember("type", new WordShape("text"), Required: true),
                new ObjectMember("text", Text, Required: true)), "expected an array of text parts"))), Required: true)).OrNull();

    /// <summary><c>reasoning</c>.</summary>
    public static readonly RequestShape Reasoning = Object(
        new ObjectMember("effort", new WordShape(Efforts)),
        new ObjectMember("max_tokens", new IntegerShape(1, int.MaxValue)),
        new ObjectMember("exclude", Flag),
        new ObjectMember("enabled", Flag),
        new ObjectMember("summary", new WordShape("auto", "concise", "detailed")),
        new ObjectMember("context", new WordShape("auto", "all_turns", "current_turn")),
        new ObjectMember("mode", new WordShape("standard", "pro")));

    /// <summary><c>modalities</c>.</summary>
    public static readonly RequestShape Modalities = new ArrayShape(new WordShape("text", "image", "audio"), "expected an array of 'text', 'image' or 'audio'");

    /// <summary><c>audio</c>. The voice is a name or, at OpenAI, an object.</summary>
    public static readonly RequestShape Audio = Object(
        new ObjectMember("voice", new TokenShape("expected a string or an object", (JsonTokenType.String, Text), (JsonTokenType.StartObject, AnyObject))),
        new ObjectMember("format", Text));

    /// <summary><c>image_config</c>.</summary>
    public static readonly RequestShape ImageConfig = new MapShape(
        new TokenShape("expected a string, a number or an array", (JsonTokenType.String, AnyShape.Instance), (JsonTokenType.Number, AnyShape.Instance),
            (JsonTokenType.StartArray, AnyShape.Instance)), "expected an object of strings, numbers or arrays");

    /// <summary><c>prompt_cache_options</c>.</summary>
    public static readonly RequestShape PromptCacheOptions = Object(
        new ObjectMember("mode", new WordShape("explicit"), Required: true), new ObjectMember("ttl", Text)).OrNull();

    /// <summary><c>metadata</c>.</summary>
    public static readonly RequestShape Metadata = new MapShape(new StringShape(max: 512), "expected an object of at most 16 strings", maxPairs: 16,
        maxKeyLength: 64);

    /// <summary><c>trace</c>.</summary>
    public static readonly RequestShape Trace = Object(
        new ObjectMember("trace_id", Text), new ObjectMember("trace_name", Text), new ObjectMember("span_name", Text),
        new ObjectMember("generation_name", Text), new ObjectMember("parent_span_id", Text));

    /// <summary><c>web_search_options</c>.</summary>
    public static readonly RequestShape WebSearchOptions = Object(new ObjectMember("search_context_size", new WordShape("low", "medium", "high"))).OrNull();

    /// <summary><c>transforms</c>: only the empty list asks for nothing.</summary>
    public static readonly RequestShape Transforms = new ArrayShape(
        new RefusedShape("the router does not transform prompts; expected an empty array"), "expected an array of strings").OrNull();

    /// <summary><c>plugins</c>: switched off, or refused.</summary>
    public static readonly RequestShape Plugins = new ArrayShape(new TaggedShape("id", "expected an object with an id", "expected the id of a plugin", null,
        [.. PluginIds.Select(id => (id, (RequestShape)SwitchedOff(id)))]), "expected an array of plugins");

    /// <summary><c>stop_server_tools_when</c>: conditions on server tools, of which this router has none.</summary>
    public static readonly RequestShape StopServerToolsWhen = new ArrayShape(
        new TaggedShape("type", "expected an object with a type", "expected the type of a condition", null,
        ("finish_reason_is", Object(new ObjectMember("reason", Text, Required: true))),
        ("has_tool_call", Object(new ObjectMember("tool_name", Text, Required: true))),
        ("max_cost", Object(new ObjectMember("max_cost_in_dollars", new NumberShape(0, double.MaxValue), Required: true))),
        ("max_tokens_used", Object(new ObjectMember("max_tokens", new IntegerShape(0, int.MaxValue), Required: true))),
        ("step_count_is", Object(new ObjectMember("step_count", new IntegerShape(0, int.MaxValue), Required: true)))), "expected an array of conditions");

    private static IEnumerable<string> PluginIds =>
    [
        "web", "web-fetch", "file-parser", "response-healing", "context-compression", "moderation", "auto-router", "auto-beta-router", "pareto-router",
            "fusion",
        "switchyard-router",
    ];

    /// <summary>An object whose further members pass.</summary>
    public static ObjectShape Object(params ObjectMember[] members) => new("expected an object", UnknownKeys.Tolerated, members);

    private static ObjectShape SwitchedOff(string plugin) => Object(
        new ObjectMember("enabled", new TokenShape($"the router does not run the plugin '{plugin}'; expected false, or no such plugin",
            (JsonTokenType.False, AnyShape.Instance)), Required: true));
}
