using System.Text.Json;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>
/// Shapes of the top-level members' values. Messages are in <see cref="OpenAIChatRequestMessageSchema"/>, tools in
/// <see cref="OpenAIChatRequestToolSchema"/>.
/// </summary>
internal static class OpenAIChatRequestSchema
{
    /// <summary>Words for how hard to reason.</summary>
    public static readonly string[] Efforts = ["max", "xhigh", "high", "medium", "low", "minimal", "none"];

    // Of a cache marker.
    public static readonly ObjectMember CacheType = new("type", new WordShape("ephemeral"), Required: true);
    public static readonly ObjectMember CacheTtl = new("ttl", new WordShape("5m", "1h"));

    /// <summary>A cache marker.</summary>
    public static readonly RequestShape CacheControl = new ObjectShape("expected an object of type 'ephemeral'", UnknownKeys.Refused, CacheType, CacheTtl);

    /// <summary><c>stop</c>.</summary>
    public static readonly RequestShape Stop = new TokenShape($"expected a string or an array of at most {RequestBounds.Stop} strings",
        (JsonTokenType.String, Text), (JsonTokenType.StartArray, new ArrayShape(Text, "expected an array of strings", RequestBounds.Stop))).OrNull();

    /// <summary><c>logit_bias</c>.</summary>
    public static readonly RequestShape LogitBias = new MapShape(new NumberShape(-100, 100), "expected an object of numbers by token id", RequestBounds.Biases)
    { MayRepeatKeys = true }.OrNull();

    /// <summary><c>prediction</c>.</summary>
    public static readonly RequestShape Prediction = Object(
        new ObjectMember("type", new WordShape("content"), Required: true),
        new ObjectMember("content", new TokenShape("expected a string or an array of text parts",
            (JsonTokenType.String, Text),
            (JsonTokenType.StartArray, new ArrayShape(Object(
                new ObjectMember("type", new WordShape("text"), Required: true),
                new ObjectMember("text", Text, Required: true)), "expected an array of text parts", RequestBounds.Parts))), Required: true)).OrNull();

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
    public static readonly RequestShape Modalities = new ArrayShape(new WordShape("text", "image", "audio"), "expected an array of 'text', 'image' or 'audio'",
        RequestBounds.Options);

    /// <summary><c>audio</c>. The voice is a name or, at OpenAI, an object.</summary>
    public static readonly RequestShape Audio = Object(
        new ObjectMember("voice", new TokenShape("expected a string or an object", (JsonTokenType.String, Text), (JsonTokenType.StartObject, AnyObject))),
        new ObjectMember("format", Text));

    /// <summary><c>image_config</c>.</summary>
    public static readonly RequestShape ImageConfig = new MapShape(
        new TokenShape("expected a string, a number or an array", (JsonTokenType.String, AnyShape.Instance), (JsonTokenType.Number, AnyShape.Instance),
            (JsonTokenType.StartArray, AnyShape.Instance)), "expected an object of strings, numbers or arrays", RequestBounds.Options);

    /// <summary><c>prompt_cache_options</c>.</summary>
    public static readonly RequestShape PromptCacheOptions = Object(
        new ObjectMember("mode", new WordShape("explicit"), Required: true), new ObjectMember("ttl", Text)).OrNull();

    /// <summary><c>web_search_options</c>.</summary>
    public static readonly RequestShape WebSearchOptions = Object(new ObjectMember("search_context_size", new WordShape("low", "medium", "high"))).OrNull();
}
