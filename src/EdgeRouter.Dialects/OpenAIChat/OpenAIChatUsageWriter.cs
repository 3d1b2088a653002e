using System.Buffers;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat;

/// <summary>
/// Writes the <c>usage</c> object (openrouter-chat section 4.3), the wholes put together again. Counts that nobody told are left out, never written as 0;
/// money that nobody priced is null.
/// </summary>
internal static class OpenAIChatUsageWriter
{
    /// <summary>Writes the object.</summary>
    public static void Write(UsageReport report, IBufferWriter<byte> output)
    {
        var usage = report.Usage;
        WriteCount("{\"prompt_tokens\":"u8, usage.PromptTotal, output);
        WriteCount(",\"completion_tokens\":"u8, usage.CompletionTotal, output);
        WriteCount(",\"total_tokens\":"u8, usage.PromptTotal + usage.CompletionTotal, output);
        WriteMoney(",\"cost\":"u8, report.Cost, output);
        output.Write(",\"is_byok\":false,\"prompt_tokens_details\":{"u8);
        var hasMember = false;
        WriteDetail("\"cached_tokens\":"u8, usage.CacheRead, output, ref hasMember);
        WriteDetail("\"cache_write_tokens\":"u8, Sum(usage.CacheWrite5m, usage.CacheWrite1h), output, ref hasMember);
        WriteDetail("\"audio_tokens\":"u8, usage.InputAudio, output, ref hasMember);
        WriteDetail("\"video_tokens\":"u8, usage.InputVideo, output, ref hasMember);
        output.Write("},\"completion_tokens_details\":{"u8);
        hasMember = false;
        WriteDetail("\"reasoning_tokens\":"u8, usage.Reasoning, output, ref hasMember);
        WriteDetail("\"audio_tokens\":"u8, usage.OutputAudio, output, ref hasMember);
        WriteDetail("\"image_tokens\":"u8, usage.OutputImage, output, ref hasMember);
        WriteDetail("\"accepted_prediction_tokens\":"u8, usage.AcceptedPrediction, output, ref hasMember);
        WriteDetail("\"rejected_prediction_tokens\":"u8, usage.RejectedPrediction, output, ref hasMember);
        output.Write("}"u8);
        if (usage.WebSearches is { } searches)
        {
            WriteCount(",\"server_tool_use_details\":{\"web_search_requests\":"u8, searches, output);
            output.Write("}"u8);
        }
        WriteCostDetails(report, output);
        output.Write("}"u8);
    }

    private static void WriteCostDetails(UsageReport report, IBufferWriter<byte> output)
    {
        if (report.Cost is null)
        {
            output.Write(",\"cost_details\":null"u8);
            return;
        }
        WriteMoney(",\"cost_details\":{\"upstream_inference_cost\":"u8, report.Cost, output);
        WriteMoney(",\"upstream_inference_prompt_cost\":"u8, report.PromptCost, output);
        WriteMoney(",\"upstream_inference_completions_cost\":"u8, report.CompletionCost, output);
        output.Write("}"u8);
    }

    private static long? Sum(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);

    private static void WriteCount(ReadOnlySpan<byte> name, long value, IBufferWriter<byte> output)
    {
        output.Write(name);
        JsonBytes.Write(value, output);
    }

    private static void WriteDetail(ReadOnlySpan<byte> name, long? value, IBufferWriter<byte> output, ref bool hasMember)
    {
        if (value is not { } count) return;
        if (hasMember) output.Write(","u8);
        hasMember = true;
        WriteCount(name, count, output);
    }

    private static void WriteMoney(ReadOnlySpan<byte> name, NanoDollars? amount, IBufferWriter<byte> output)
    {
        output.Write(name);
        if (amount is { } dollars) JsonBytes.Write(dollars, output);
        else output.Write("null"u8);
    }
}
