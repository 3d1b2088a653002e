using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.Gemini.Caller.Streaming;

/// <summary>What the pieces of a stream look like that are no candidate's.</summary>
internal static class GeminiChunkLayout
{
    /// <summary>The end of a broken stream: an error, behind which nothing follows. No candidate has a reason for its end.</summary>
    public static void WriteError(RouterError error, UsageReport usage, ref GeminiFrames frames, IBufferWriter<byte> output)
    {
        frames.Begin(output);
        output.Write("{\"error\":"u8);
        GeminiErrorWriter.WriteObject(error, output);
        GeminiUsageWriter.WriteMember(usage, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
        frames.End(output);
        frames.Close(output);
    }

    /// <summary>What was sent to a provider, in an event without candidates.</summary>
    public static void WriteUpstreamBody(ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataPrefix);
        output.Write("{\"debug\":{\"echo_upstream_body\":"u8);
        JsonBytes.WriteMinified(body.Span, output);
        output.Write("}}"u8);
        output.Write(SseWriter.End);
    }
}
