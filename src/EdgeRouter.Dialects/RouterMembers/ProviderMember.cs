using System.Text.Json;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>The <c>provider</c> object: its shape, and its reading.</summary>
internal static class ProviderMember
{
    private static readonly RequestShape Names = new ArrayShape(NonEmpty, "expected an array of provider slugs", RequestBounds.Providers);
    // The planner knows the orderings and refuses other names.
    private static readonly RequestShape SortWord = new StringShape(1, 64);
    private static readonly RequestShape Bound = new NumberShape(0, double.MaxValue);
    private static readonly RequestShape Price = new PriceShape();

    private static readonly RequestShape Bounds = new TokenShape("expected a number or an object of percentiles",
        (JsonTokenType.Number, Bound),
        (JsonTokenType.StartObject, Strict(
            new ObjectMember("p50", Bound), new ObjectMember("p75", Bound), new ObjectMember("p90", Bound), new ObjectMember("p99", Bound))));

    /// <summary>Its shape. Unlike elsewhere, unknown keys are an error: a mistyped preference must not route to the wrong place.</summary>
    public static readonly RequestShape Shape = Strict(
        new ObjectMember("order", Names),
        new ObjectMember("only", Names),
        new ObjectMember("ignore", Names),
        new ObjectMember("allow_fallbacks", Flag),
        new ObjectMember("require_parameters", Flag),
        new ObjectMember("data_collection", new WordShape("allow", "deny")),
        new ObjectMember("zdr", Flag),
        new ObjectMember("enforce_distillable_text", Flag),
        new ObjectMember("quantizations", new ArrayShape(
            new WordShape("int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown"),
                "expected an array of quantizations", RequestBounds.Options)),
        new ObjectMember("sort", new TokenShape("expected the name of an ordering, or an object", (JsonTokenType.String, SortWord),
            (JsonTokenType.StartObject, Strict(new ObjectMember("by", SortWord), new ObjectMember("partition", new WordShape("model", "none")))))),
        new ObjectMember("preferred_min_throughput", Bounds),
        new ObjectMember("preferred_max_latency", Bounds),
        new ObjectMember("hedge", Flag),
        new ObjectMember("resume", Flag),
        new ObjectMember("max_price", Strict(
            new ObjectMember("prompt", Price), new ObjectMember("completion", Price), new ObjectMember("image", Price), new ObjectMember("audio", Price),
            new ObjectMember("request", Price)))).OrNull();

    /// <summary>Reads an object of that shape.</summary>
    public static ProviderPreferences Read(JsonElement provider)
    {
        var sort = provider.Member("sort");
        var sortIsObject = sort?.ValueKind == JsonValueKind.Object;
        return new ProviderPreferences
        {
            Order = provider.Member("order")?.Strings(),
            Only = provider.Member("only")?.Strings(),
            Ignore = provider.Member("ignore")?.Strings(),
            AllowFallbacks = provider.Member("allow_fallbacks")?.GetBoolean(),
            RequireParameters = provider.Member("require_parameters")?.GetBoolean(),
            DenyDataCollection = provider.Member("data_collection")?.ValueEquals("deny") == true,
            ZeroDataRetention = provider.Member("zdr")?.GetBoolean(),
            EnforceDistillableText = provider.Member("enforce_distillable_text")?.GetBoolean(),
            Quantizations = provider.Member("quantizations")?.Strings(),
            Sort = sortIsObject ? sort?.Member("by")?.GetString() : sort?.GetString(),
            SortAcrossModels = sortIsObject && sort?.Member("partition")?.ValueEquals("none") == true,
            MaxPrice = provider.Member("max_price") is { } max
                ? new MaxPrice(ReadPrice(max, "prompt"), ReadPrice(max, "completion"), ReadPrice(max, "image"), ReadPrice(max, "audio"),
                    ReadPrice(max, "request"))
                : null,
            PreferredMinThroughput = ReadBounds(provider.Member("preferred_min_throughput")),
            PreferredMaxLatency = ReadBounds(provider.Member("preferred_max_latency")),
            Hedge = provider.Member("hedge")?.GetBoolean(),
            Resume = provider.Member("resume")?.GetBoolean(),
        };
    }

    private static decimal? ReadPrice(JsonElement prices, string name) => prices.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDecimal(),
        { } text => PriceShape.TryParse(text.GetString()!, out var price) ? price : throw new FormatException("The price was not checked."),
    };

    private static PercentileBounds? ReadBounds(JsonElement? bounds) => bounds switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } p50 => new PercentileBounds(p50.GetDouble(), null, null, null),
        { } each => new PercentileBounds(each.Member("p50")?.GetDouble(), each.Member("p75")?.GetDouble(), each.Member("p90")?.GetDouble(),
            each.Member("p99")?.GetDouble()),
    };
}
