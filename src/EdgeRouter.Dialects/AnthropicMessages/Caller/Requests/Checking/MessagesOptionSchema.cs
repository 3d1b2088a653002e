using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;

/// <summary>Shapes of the options beside messages and tools.</summary>
internal static class MessagesOptionSchema
{
    /// <summary>Least budget of thinking tokens that the API takes.</summary>
    private const int MinBudget = 1024;

    private static readonly ObjectMember Type = new("type", AnyShape.Instance, Required: true);
    private static readonly ObjectMember Display = new("display", new WordShape("summarized", "omitted", "updates"));

    /// <summary>A cache marker.</summary>
    public static readonly RequestShape CacheControl = new ObjectShape("expected an object of type 'ephemeral'", UnknownKeys.Tolerated,
        new ObjectMember("type", new WordShape("ephemeral"), Required: true), new ObjectMember("ttl", new WordShape("5m", "1h")));

    /// <summary><c>thinking</c>.</summary>
    public static readonly RequestShape Thinking = new TaggedShape("type", "expected an object with a type",
        "expected one of 'enabled', 'disabled', 'adaptive'", null,
        ("enabled", Object(Type, new ObjectMember("budget_tokens", new IntegerShape(MinBudget, int.MaxValue), Required: true), Display)),
        ("disabled", Object(Type)),
        ("adaptive", Object(Type, Display)));

    /// <summary><c>output_config</c>.</summary>
    public static readonly RequestShape OutputConfig = Object(
        new ObjectMember("effort", new WordShape("low", "medium", "high", "xhigh", "max")),
        new ObjectMember("format", new TaggedShape("type", "expected an object with a type", "expected 'json_schema'", null,
            ("json_schema", Object(Type, new ObjectMember("schema", new JsonSchemaShape(), Required: true))))),
        new ObjectMember("task_budget", AnyObject));

    /// <summary><c>service_tier</c>, in Anthropic's words and the router's.</summary>
    public static readonly RequestShape ServiceTier = new WordShape("auto", "standard_only", "default", "fast", "flex", "priority", "scale");
}
