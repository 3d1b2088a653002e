using System.Buffers;
using System.Text.Json;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;

/// <summary>Shapes of the options beside input and tools.</summary>
internal static class ResponsesOptionSchema
{
    private static readonly SearchValues<byte> NameAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);
    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly RequestShape Summary = new WordShape("auto", "concise", "detailed");

    /// <summary><c>reasoning</c>.</summary>
    public static readonly RequestShape Reasoning = Object(
        new ObjectMember("effort", new WordShape("max", "xhigh", "high", "medium", "low", "minimal", "none")),
        new ObjectMember("max_tokens", new IntegerShape(1, int.MaxValue)),
        new ObjectMember("exclude", Flag),
        new ObjectMember("enabled", Flag),
        new ObjectMember("summary", Summary),
        new ObjectMember("generate_summary", Summary),
        new ObjectMember("context", new WordShape("auto", "all_turns", "current_turn")),
        new ObjectMember("mode", new WordShape("standard", "pro")));

    /// <summary><c>text</c>.</summary>
    public static readonly RequestShape Text = Object(
        new ObjectMember("verbosity", new WordShape("low", "medium", "high", "xhigh", "max")),
        new ObjectMember("format", new TaggedShape("type", "expected an object with a type", "expected one of 'text', 'json_object', 'json_schema'", null,
            ("text", Object(Type)),
            ("json_object", Object(Type)),
            ("json_schema", Object(Type,
                new ObjectMember("name", new StringShape(1, 64) { Alphabet = NameAlphabet }, Required: true),
                new ObjectMember("description", new StringShape { CountsAsText = true }),
                new ObjectMember("schema", new JsonSchemaShape(), Required: true),
                new ObjectMember("strict", Flag))))));

    /// <summary><c>include</c>.</summary>
    public static readonly RequestShape Include = new ArrayShape(NonEmpty, "expected an array of strings", RequestBounds.Options);

    /// <summary><c>modalities</c>.</summary>
    public static readonly RequestShape Modalities =
        new ArrayShape(new WordShape("text", "image"), "expected an array of 'text' or 'image'", RequestBounds.Options);

    /// <summary><c>image_config</c>.</summary>
    public static readonly RequestShape ImageConfig = new MapShape(
        new TokenShape("expected a string, a number or an array", (JsonTokenType.String, AnyShape.Instance), (JsonTokenType.Number, AnyShape.Instance),
            (JsonTokenType.StartArray, AnyShape.Instance)), "expected an object of strings, numbers or arrays", RequestBounds.Options);

    /// <summary>A cache marker.</summary>
    public static readonly RequestShape CacheControl = new ObjectShape("expected an object of type 'ephemeral'", UnknownKeys.Tolerated,
        new ObjectMember("type", new WordShape("ephemeral"), Required: true), new ObjectMember("ttl", new WordShape("5m", "1h")));

    /// <summary>A switch that can only be off.</summary>
    public static RequestShape Off(string reason) => new TokenShape(reason, (JsonTokenType.False, AnyShape.Instance)).OrNull();
}
