using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Answers;

/// <summary>Reads <c>usage</c>: cached tokens are beside the input, reasoning is inside the output and not told.</summary>
internal static class ConverseUsageReader
{
    public static TokenUsage Read(JsonElement usage)
    {
        var written = Count(usage, "cacheWriteInputTokens"u8);
        long? hour = null;
        foreach (var detail in ConverseJson.Entries(usage, "cacheDetails"u8))
            if (ConverseJson.Text(detail, "ttl"u8) == "1h" && Count(detail, "inputTokens"u8) is { } tokens) hour = (hour ?? 0) + tokens;
        return new TokenUsage
        {
            Input = Count(usage, "inputTokens"u8),
            CacheRead = Count(usage, "cacheReadInputTokens"u8),
            CacheWrite5m = written is { } all && hour is { } part ? Math.Max(all - part, 0) : written,
            CacheWrite1h = hour,
            Output = Count(usage, "outputTokens"u8),
        };
    }

    private static long? Count(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? ReportedCount.Read(value) : null;
}
