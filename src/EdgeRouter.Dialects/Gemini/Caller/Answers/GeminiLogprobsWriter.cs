using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>Writes log probabilities, which the content model has in OpenAI's shape, as <c>logprobsResult</c>. What is not of that shape is left out.</summary>
internal static class GeminiLogprobsWriter
{
    /// <summary>Writes the member of a candidate with a comma before it; nothing when there are none.</summary>
    public static void WriteMember(JsonElement? logprobs, IBufferWriter<byte> output)
    {
        if (logprobs is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("content"u8, out var tokens)
            || tokens.ValueKind != JsonValueKind.Array || tokens.GetArrayLength() == 0)
            return;
        output.Write(",\"logprobsResult\":{\"chosenCandidates\":["u8);
        var isFirst = true;
        foreach (var token in tokens.EnumerateArray()) WriteToken(token, ref isFirst, output);
        output.Write("],\"topCandidates\":["u8);
        isFirst = true;
        foreach (var token in tokens.EnumerateArray())
        {
            output.Write(isFirst ? "{\"candidates\":["u8 : ",{\"candidates\":["u8);
            isFirst = false;
            var isFirstTop = true;
            if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("top_logprobs"u8, out var top) && top.ValueKind == JsonValueKind.Array)
                foreach (var alternative in top.EnumerateArray()) WriteToken(alternative, ref isFirstTop, output);
            output.Write("]}"u8);
        }
        output.Write("]}"u8);
    }

    private static void WriteToken(JsonElement token, ref bool isFirst, IBufferWriter<byte> output)
    {
        if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("token"u8, out var text) || text.ValueKind != JsonValueKind.String
            || !token.TryGetProperty("logprob"u8, out var logprob) || logprob.ValueKind != JsonValueKind.Number)
            return;
        output.Write(isFirst ? "{\"token\":"u8 : ",{\"token\":"u8);
        isFirst = false;
        JsonBytes.Write(text, output);
        output.Write(",\"logProbability\":"u8);
        output.Write(JsonMarshal.GetRawUtf8Value(logprob));
        output.Write("}"u8);
    }
}
