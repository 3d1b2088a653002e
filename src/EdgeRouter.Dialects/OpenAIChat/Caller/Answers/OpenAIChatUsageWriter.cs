using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>
/// Writes the <c>usage</c> object; the disjoint classes are added up to OpenAI's totals. Unknown counts and an unknown cost are left out, never written
/// as 0. There is one exception: clients refuse details without their first count (cached, reasoning). If a provider reports other counts of the same
/// details but not that one, it is written as 0, which is what providers mean by leaving it out.
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
        if (report.Cost is not null) WriteMoney(",\"cost\":"u8, report.Cost, output);
        output.Write(",\"is_byok\":false"u8);
        WritePromptDetails(usage, output);
        WriteCompletionDetails(usage, output);
        if (usage.WebSearches is { } searches)
        {
            WriteCount(",\"server_tool_use_details\":{\"web_search_requests\":"u8, searches, output);
            output.Write("}"u8);
        }
        WriteCostDetails(report, output);
        output.Write("}"u8);
    }

    private static void WritePromptDetails(in TokenUsage usage, IBufferWriter<byte> output)
    {
        var cacheWrite = Sum(usage.CacheWrite5m, usage.CacheWrite1h);
        if ((usage.CacheRead ?? cacheWrite ?? usage.InputAudio ?? usage.InputVideo) is null) return;
        WriteCount(",\"prompt_tokens_details\":{\"cached_tokens\":"u8, usage.CacheRead ?? 0, output);
        WriteDetail(",\"cache_write_tokens\":"u8, cacheWrite, output);
        WriteDetail(",\"audio_tokens\":"u8, usage.InputAudio, output);
        WriteDetail(",\"video_tokens\":"u8, usage.InputVideo, output);
        output.Write("}"u8);
    }

    private static void WriteCompletionDetails(in TokenUsage usage, IBufferWriter<byte> output)
    {
        if ((usage.Reasoning ?? usage.OutputAudio ?? usage.OutputImage ?? usage.AcceptedPrediction ?? usage.RejectedPrediction) is null) return;
        WriteCount(",\"completion_tokens_details\":{\"reasoning_tokens\":"u8, usage.Reasoning ?? 0, output);
        WriteDetail(",\"audio_tokens\":"u8, usage.OutputAudio, output);
        WriteDetail(",\"image_tokens\":"u8, usage.OutputImage, output);
        WriteDetail(",\"accepted_prediction_tokens\":"u8, usage.AcceptedPrediction, output);
        WriteDetail(",\"rejected_prediction_tokens\":"u8, usage.RejectedPrediction, output);
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

    private static void WriteDetail(ReadOnlySpan<byte> name, long? value, IBufferWriter<byte> output)
    {
        if (value is { } count) WriteCount(name, count, output);
    }

    private static void WriteMoney(ReadOnlySpan<byte> name, NanoDollars? amount, IBufferWriter<byte> output)
    {
        output.Write(name);
        if (amount is { } dollars) JsonBytes.Write(dollars, output);
        else output.Write("null"u8);
    }
}
