using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Embeddings.Caller.Answers;

/// <summary>
/// Writes the <c>usage</c> object: the disjoint classes are added up to OpenAI's totals, which are always there, because clients need them. An unknown cost
/// and unknown parts are left out.
/// </summary>
internal static class EmbeddingsUsageWriter
{
    /// <summary>Writes the object.</summary>
    public static void Write(UsageReport report, IBufferWriter<byte> output)
    {
        var usage = report.Usage;
        output.Write("{\"prompt_tokens\":"u8);
        JsonBytes.Write(usage.PromptTotal, output);
        output.Write(",\"total_tokens\":"u8);
        JsonBytes.Write(usage.PromptTotal + usage.CompletionTotal, output);
        if ((usage.InputImage ?? usage.InputAudio ?? usage.InputVideo) is not null)
        {
            output.Write(",\"prompt_tokens_details\":{\"text_tokens\":"u8);
            JsonBytes.Write(usage.Input ?? 0, output);
            WritePart(",\"image_tokens\":"u8, usage.InputImage, output);
            WritePart(",\"audio_tokens\":"u8, usage.InputAudio, output);
            WritePart(",\"video_tokens\":"u8, usage.InputVideo, output);
            output.Write("}"u8);
        }
        if (report.Cost is { } cost)
        {
            output.Write(",\"cost\":"u8);
            JsonBytes.Write(cost, output);
            output.Write(",\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":"u8);
            JsonBytes.Write(cost, output);
            output.Write(",\"upstream_inference_prompt_cost\":"u8);
            JsonBytes.Write(report.PromptCost, output);
            output.Write(",\"upstream_inference_completions_cost\":"u8);
            JsonBytes.Write(report.CompletionCost, output);
            output.Write("}"u8);
        }
        output.Write("}"u8);
    }

    private static void WritePart(ReadOnlySpan<byte> name, long? tokens, IBufferWriter<byte> output)
    {
        if (tokens is not { } count) return;
        output.Write(name);
        JsonBytes.Write(count, output);
    }
}
