using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;

/// <summary>
/// Writes the <c>usage</c> object. Anthropic's classes are disjoint as the router's are, but that reasoning is part of the output. Unknown counts are null.
/// Clients refuse null for input and output, and for each count of an object: there an unknown one is 0, which is what a provider means by leaving it out.
/// </summary>
internal static class MessagesUsageWriter
{
    /// <summary>Writes usage, and the cost.</summary>
    public static void Write(UsageReport report, string? serviceTier, IBufferWriter<byte> output)
    {
        WriteTokens(report.Usage, serviceTier, output);
        if (report.Cost is { } cost)
        {
            WriteMoney(",\"cost\":"u8, cost, output);
            WriteMoney(",\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":"u8, cost, output);
            WriteMoney(",\"upstream_inference_prompt_cost\":"u8, report.PromptCost, output);
            WriteMoney(",\"upstream_inference_completions_cost\":"u8, report.CompletionCost, output);
            output.Write("}"u8);
        }
        output.Write("}"u8);
    }

    /// <summary>Writes usage as far as it is known when a stream begins.</summary>
    public static void WriteStart(in TokenUsage usage, string? serviceTier, IBufferWriter<byte> output)
    {
        WriteTokens(usage, serviceTier, output);
        output.Write("}"u8);
    }

    private static void WriteTokens(in TokenUsage usage, string? serviceTier, IBufferWriter<byte> output)
    {
        var fresh = (usage.Input ?? 0) + (usage.InputAudio ?? 0) + (usage.InputImage ?? 0) + (usage.InputVideo ?? 0);
        WriteCount("{\"input_tokens\":"u8, fresh, output);
        WriteCount(",\"output_tokens\":"u8, usage.CompletionTotal, output);
        WriteDetail(",\"output_tokens_details\":"u8, "{\"thinking_tokens\":"u8, usage.Reasoning, output);
        var isSplit = (usage.CacheWrite5m ?? usage.CacheWrite1h) is not null;
        WriteCount(",\"cache_creation_input_tokens\":"u8, isSplit ? (usage.CacheWrite5m ?? 0) + (usage.CacheWrite1h ?? 0) : null, output);
        WriteCount(",\"cache_read_input_tokens\":"u8, usage.CacheRead, output);
        if (isSplit)
        {
            WriteCount(",\"cache_creation\":{\"ephemeral_5m_input_tokens\":"u8, usage.CacheWrite5m ?? 0, output);
            WriteCount(",\"ephemeral_1h_input_tokens\":"u8, usage.CacheWrite1h ?? 0, output);
            output.Write("}"u8);
        }
        else output.Write(",\"cache_creation\":null"u8);
        WriteDetail(",\"inference_geo\":null,\"server_tool_use\":"u8, "{\"web_fetch_requests\":0,\"web_search_requests\":"u8, usage.WebSearches, output);
        output.Write(",\"service_tier\":"u8);
        ((JsonText)(string.Equals(serviceTier, "default", StringComparison.Ordinal) ? "standard" : serviceTier)).WriteValue(output);
    }

    private static void WriteDetail(ReadOnlySpan<byte> name, ReadOnlySpan<byte> opening, long? value, IBufferWriter<byte> output)
    {
        output.Write(name);
        if (value is { } count)
        {
            WriteCount(opening, count, output);
            output.Write("}"u8);
        }
        else output.Write("null"u8);
    }

    private static void WriteCount(ReadOnlySpan<byte> name, long? value, IBufferWriter<byte> output)
    {
        output.Write(name);
        if (value is { } count) JsonBytes.Write(count, output);
        else output.Write("null"u8);
    }

    private static void WriteMoney(ReadOnlySpan<byte> name, NanoDollars amount, IBufferWriter<byte> output)
    {
        output.Write(name);
        JsonBytes.Write(amount, output);
    }
}
