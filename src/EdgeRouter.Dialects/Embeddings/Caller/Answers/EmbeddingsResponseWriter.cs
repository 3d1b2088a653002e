using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller.Answers;

/// <summary>Writes an answer: the head and the usage are the router's, the vectors are copied.</summary>
internal static class EmbeddingsResponseWriter
{
    /// <summary>Writes the body.</summary>
    public static void Write(EmbeddingAnswer answer, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write("{\"id\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"object\":\"list\",\"model\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
        output.Write(",\"data\":["u8);
        for (var i = 0; i < answer.Vectors.Count; i++)
        {
            output.Write(i > 0 ? ",{\"object\":\"embedding\",\"index\":"u8 : "{\"object\":\"embedding\",\"index\":"u8);
            JsonBytes.Write(i, output);
            output.Write(",\"embedding\":"u8);
            Write(answer.Vectors[i], output);
            output.Write("}"u8);
        }
        output.Write("],\"usage\":"u8);
        EmbeddingsUsageWriter.Write(usage, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    private static void Write(EmbeddingVector vector, IBufferWriter<byte> output)
    {
        if (vector.IsBase64) output.Write("\""u8);
        output.Write(vector.Bytes.Span);
        if (vector.IsBase64) output.Write("\""u8);
    }
}
