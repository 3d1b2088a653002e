using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Answers;

/// <summary>
/// Adds up the usage objects of one answer. In a stream the start reports input and cache; later reports are cumulative and hold what has changed. A count
/// replaces the one before; a missing or null one leaves it. Counts that are no number are ignored.
/// </summary>
internal struct AnthropicUsageReader
{
    private long? input;
    private long? cacheRead;
    private long? cacheCreation;
    private long? ephemeral5m;
    private long? ephemeral1h;
    private long? output;
    private long? thinking;
    private long? webSearches;

    /// <summary>The service tier; null: not reported.</summary>
    public string? ServiceTier { get; private set; }

    public void Add(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object) return;
        Take(usage, "input_tokens"u8, ref input);
        Take(usage, "cache_read_input_tokens"u8, ref cacheRead);
        Take(usage, "cache_creation_input_tokens"u8, ref cacheCreation);
        Take(usage, "output_tokens"u8, ref output);
        if (usage.TryGetProperty("cache_creation"u8, out var creation) && creation.ValueKind == JsonValueKind.Object)
        {
            Take(creation, "ephemeral_5m_input_tokens"u8, ref ephemeral5m);
            Take(creation, "ephemeral_1h_input_tokens"u8, ref ephemeral1h);
        }
        if (usage.TryGetProperty("output_tokens_details"u8, out var details) && details.ValueKind == JsonValueKind.Object)
        {
            Take(details, "reasoning_tokens"u8, ref thinking);
            Take(details, "thinking_tokens"u8, ref thinking);
        }
        if (usage.TryGetProperty("server_tool_use"u8, out var tools) && tools.ValueKind == JsonValueKind.Object)
            Take(tools, "web_search_requests"u8, ref webSearches);
        if (usage.TryGetProperty("service_tier"u8, out var tier) && tier.ValueKind == JsonValueKind.String)
            ServiceTier = tier.ValueEquals("standard"u8) ? "default" : tier.GetString();
    }

    /// <summary>Before a stream's last report the output count is only a placeholder: it is not known then.</summary>
    public void ForgetOutput() => output = null;

    /// <summary>The disjoint classes. Thinking is part of output_tokens on the wire.</summary>
    public readonly TokenUsage ToUsage() => new()
    {
        Input = input,
        CacheRead = cacheRead,
        CacheWrite5m = CacheWrite5m,
        CacheWrite1h = CacheWrite1h,
        Output = output is { } total ? total - Math.Min(thinking ?? 0, total) : null,
        Reasoning = output is { } all && thinking is { } part ? Math.Min(part, all) : null,
        WebSearches = ReportedCount.ToInt(webSearches),
    };

    /// <summary>Tokens in the total but not in the split (a later report without a split): they count with the lifetime of the others.</summary>
    private readonly long Unsplit => Math.Max((cacheCreation ?? 0) - (ephemeral5m ?? 0) - (ephemeral1h ?? 0), 0);

    private readonly bool OnlyHour => ephemeral1h is > 0 && ephemeral5m is null or 0;

    private readonly long? CacheWrite5m => ephemeral5m is null && ephemeral1h is null ? cacheCreation : OnlyHour ? ephemeral5m : (ephemeral5m ?? 0) + Unsplit;

    private readonly long? CacheWrite1h => OnlyHour ? ephemeral1h + Unsplit : ephemeral1h;

    private static void Take(JsonElement parent, ReadOnlySpan<byte> name, ref long? count)
    {
        if (parent.TryGetProperty(name, out var value) && ReportedCount.Read(value) is { } number) count = number;
    }
}
