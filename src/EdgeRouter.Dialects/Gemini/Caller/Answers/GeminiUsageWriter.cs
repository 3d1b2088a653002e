using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>
/// Writes <c>usageMetadata</c>. Google counts cached tokens and every modality inside the prompt, pictures and speech inside the candidates, and
/// thoughts beside them. Unknown counts are left out, as Google leaves out counts of zero.
/// </summary>
internal static class GeminiUsageWriter
{
    /// <summary>Writes the member with a comma before it; nothing when neither tokens nor cost are known.</summary>
    public static void WriteMember(UsageReport report, IBufferWriter<byte> output)
    {
        var usage = report.Usage;
        var hasPrompt = (usage.Input ?? usage.CacheRead ?? usage.InputAudio ?? usage.InputImage ?? usage.InputVideo) is not null;
        var hasOutput = (usage.Output ?? usage.OutputAudio ?? usage.OutputImage) is not null;
        if (!hasPrompt && !hasOutput && report.Cost is null) return;
        output.Write(",\"usageMetadata\":{"u8);
        var isFirst = true;
        if (hasPrompt) Write("promptTokenCount"u8, usage.PromptTotal, ref isFirst, output);
        if (usage.CacheRead is { } cached) Write("cachedContentTokenCount"u8, cached, ref isFirst, output);
        if (hasOutput) Write("candidatesTokenCount"u8, usage.CompletionTotal - (usage.Reasoning ?? 0), ref isFirst, output);
        if (usage.Reasoning is { } thoughts) Write("thoughtsTokenCount"u8, thoughts, ref isFirst, output);
        if (hasPrompt || hasOutput) Write("totalTokenCount"u8, usage.PromptTotal + usage.CompletionTotal, ref isFirst, output);
        WritePromptDetails(usage, output);
        WriteOutputDetails(usage, output);
        if (report.Cost is { } cost) WriteCost(report, cost, isFirst, output);
        output.Write("}"u8);
    }

    private static void WritePromptDetails(in TokenUsage usage, IBufferWriter<byte> output)
    {
        if ((usage.InputAudio ?? usage.InputImage ?? usage.InputVideo) is null) return;
        var text = (usage.Input ?? 0) + (usage.CacheRead ?? 0) + (usage.CacheWrite5m ?? 0) + (usage.CacheWrite1h ?? 0);
        output.Write(",\"promptTokensDetails\":["u8);
        WriteDetail("TEXT"u8, text, isFirst: true, output);
        if (usage.InputAudio is { } audio) WriteDetail("AUDIO"u8, audio, isFirst: false, output);
        if (usage.InputImage is { } image) WriteDetail("IMAGE"u8, image, isFirst: false, output);
        if (usage.InputVideo is { } video) WriteDetail("VIDEO"u8, video, isFirst: false, output);
        output.Write("]"u8);
    }

    private static void WriteOutputDetails(in TokenUsage usage, IBufferWriter<byte> output)
    {
        if ((usage.OutputAudio ?? usage.OutputImage) is null) return;
        output.Write(",\"candidatesTokensDetails\":["u8);
        WriteDetail("TEXT"u8, usage.Output ?? 0, isFirst: true, output);
        if (usage.OutputAudio is { } audio) WriteDetail("AUDIO"u8, audio, isFirst: false, output);
        if (usage.OutputImage is { } image) WriteDetail("IMAGE"u8, image, isFirst: false, output);
        output.Write("]"u8);
    }

    private static void WriteDetail(ReadOnlySpan<byte> modality, long count, bool isFirst, IBufferWriter<byte> output)
    {
        output.Write(isFirst ? "{\"modality\":\""u8 : ",{\"modality\":\""u8);
        output.Write(modality);
        output.Write("\",\"tokenCount\":"u8);
        JsonBytes.Write(count, output);
        output.Write("}"u8);
    }

    private static void WriteCost(UsageReport report, NanoDollars cost, bool isFirst, IBufferWriter<byte> output)
    {
        output.Write(isFirst ? "\"cost\":"u8 : ",\"cost\":"u8);
        JsonBytes.Write(cost, output);
        output.Write(",\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":"u8);
        JsonBytes.Write(cost, output);
        output.Write(",\"upstream_inference_prompt_cost\":"u8);
        JsonBytes.Write(report.PromptCost, output);
        output.Write(",\"upstream_inference_completions_cost\":"u8);
        JsonBytes.Write(report.CompletionCost, output);
        output.Write("}"u8);
    }

    private static void Write(ReadOnlySpan<byte> name, long value, ref bool isFirst, IBufferWriter<byte> output)
    {
        output.Write(isFirst ? "\""u8 : ",\""u8);
        isFirst = false;
        output.Write(name);
        output.Write("\":"u8);
        JsonBytes.Write(value, output);
    }
}
