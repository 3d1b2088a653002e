using System.Buffers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Gemini's <c>:countTokens</c>: the whole request, as one member that also names the model.</summary>
internal static class GeminiTokenCount
{
    /// <summary>Writes the body.</summary>
    public static void Write(ReadOnlyMemory<byte> request, string upstreamModel, IBufferWriter<byte> output)
    {
        output.Write("{\"generateContentRequest\":{\"model\":"u8);
        ((JsonText)$"models/{upstreamModel}").WriteValue(output);
        var members = request.Span.TrimStart(" \t\r\n"u8)[1..];
        if (members.TrimStart(" \t\r\n"u8)[0] != (byte)'}') output.Write(","u8);
        output.Write(members);
        output.Write("}"u8);
    }
}
