using System.Buffers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.Gemini.Caller.Streaming;

/// <summary>Frames the pieces of one stream: as server-sent events, or as the items of one JSON array, as Google writes it. Changed in place.</summary>
/// <param name="isArray">Whether it is an array.</param>
internal struct GeminiFrames(bool isArray)
{
    private bool hasBegun;

    /// <summary>A piece begins.</summary>
    public void Begin(IBufferWriter<byte> output)
    {
        output.Write(!isArray ? SseWriter.DataPrefix : hasBegun ? ",\r\n"u8 : "["u8);
        hasBegun = true;
    }

    /// <summary>A piece ends.</summary>
    public readonly void End(IBufferWriter<byte> output)
    {
        if (!isArray) output.Write(SseWriter.End);
    }

    /// <summary>The stream ends. The last piece says how.</summary>
    public readonly void Close(IBufferWriter<byte> output)
    {
        if (isArray) output.Write("]\n"u8);
    }
}
