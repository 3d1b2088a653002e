using System.Buffers;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>
/// Writes the <c>usage</c> object; the disjoint classes are added up to OpenAI's totals. Clients need both details with all their counts: an unknown one is
/// 0, which is what a provider means by leaving it out.
/// </summary>
internal static class ResponsesUsageWriter
{
    /// <summary>Writes the object.</summary>
    public static void Write(UsageReport report, IBufferWriter<byte> output)
    {
        var usage = report.Usage;
        WriteCount("{\"input_tokens\":"u8, usage.PromptTotal, output);
        WriteCount(",\"input_tokens_details\":{\"cached_tokens\":"u8, usage.CacheRead ?? 0, output);
        WriteCount(",\"cache_write_tokens\":"u8, (usage.CacheWrite5m ?? 0) + (usage.CacheWrite1h ?? 0), output);
        WriteCount("},\"output_tokens\":"u8, usage.CompletionTotal, output);
        WriteCount(",\"output_tokens_details\":{\"reasoning_tokens\":"u8, usage.Reasoning ?? 0, output);
        WriteCount("},\"total_tokens\":"u8, usage.PromptTotal + usage.CompletionTotal, output);
        if (report.Cost is { } cost)
        {
            WriteMoney(",\"cost\":"u8, cost, output);
            WriteMoney(",\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":"u8, cost, output);
            WriteMoney(",\"upstream_inference_input_cost\":"u8, report.PromptCost, output);
            WriteMoney(",\"upstream_inference_output_cost\":"u8, report.CompletionCost, output);
            output.Write("}"u8);
        }
        if (usage.WebSearches is { } searches)
        {
            WriteCount(",\"server_tool_use_details\":{\"web_search_requests\":"u8, searches, output);
            output.Write("}"u8);
        }
        output.Write("}"u8);
    }

    private static void WriteCount(ReadOnlySpan<byte> name, long value, IBufferWriter<byte> output)
    {
        output.Write(name);
        JsonBytes.Write(value, output);
    }

    private static void WriteMoney(ReadOnlySpan<byte> name, NanoDollars amount, IBufferWriter<byte> output)
    {
        output.Write(name);
        JsonBytes.Write(amount, output);
    }
}
