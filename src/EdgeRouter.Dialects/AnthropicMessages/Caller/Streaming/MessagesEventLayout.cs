using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;

/// <summary>
/// What the events of a stream look like. Their names are their types, because clients go by the names. Both the canonical writer and the fast path
/// write through it. Stateless.
/// </summary>
internal static class MessagesEventLayout
{
    /// <summary>The event that keeps a stream open while there is nothing to send.</summary>
    public static ReadOnlySpan<byte> Ping => "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8;

    /// <summary>The first event.</summary>
    public static void WriteStart(AnswerHeader header, in TokenUsage usage, string? serviceTier, IBufferWriter<byte> output)
    {
        output.Write("event: message_start\ndata: {\"type\":\"message_start\",\"message\":"u8);
        MessagesBlockLayout.OpenMessage(header, output);
        MessagesBlockLayout.CloseContent(null, JsonText.Null, output);
        MessagesUsageWriter.WriteStart(usage, serviceTier, output);
        output.Write("}}\n\n"u8);
    }

    /// <summary>A text begins.</summary>
    public static void StartText(int index, IBufferWriter<byte> output)
    {
        OpenStart(index, output);
        MessagesBlockLayout.OpenText("", isCited: false, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>A thought begins.</summary>
    public static void StartThinking(int index, IBufferWriter<byte> output)
    {
        OpenStart(index, output);
        MessagesBlockLayout.WriteThinking("", "", output);
        output.Write("}\n\n"u8);
    }

    /// <summary>A call of a tool begins.</summary>
    public static void StartToolUse(int index, JsonText id, JsonText name, IBufferWriter<byte> output)
    {
        OpenStart(index, output);
        MessagesBlockLayout.WriteToolUse(id, name, "", output);
        output.Write("}\n\n"u8);
    }

    /// <summary>An opaque thought, whole.</summary>
    public static void WriteRedacted(int index, JsonText data, IBufferWriter<byte> output)
    {
        OpenStart(index, output);
        MessagesBlockLayout.WriteRedacted(data, output);
        output.Write("}\n\n"u8);
        Stop(index, output);
    }

    /// <summary>A piece of a text.</summary>
    public static void WriteText(int index, JsonText text, IBufferWriter<byte> output) => WriteDelta(index, "text_delta\",\"text\":"u8, text, output);

    /// <summary>A piece of a thought.</summary>
    public static void WriteThinking(int index, JsonText text, IBufferWriter<byte> output) =>
        WriteDelta(index, "thinking_delta\",\"thinking\":"u8, text, output);

    /// <summary>The signature of a thought.</summary>
    public static void WriteSignature(int index, JsonText signature, IBufferWriter<byte> output) =>
        WriteDelta(index, "signature_delta\",\"signature\":"u8, signature, output);

    /// <summary>A piece of the arguments of a call.</summary>
    public static void WriteInput(int index, JsonText json, IBufferWriter<byte> output) =>
        WriteDelta(index, "input_json_delta\",\"partial_json\":"u8, json, output);

    /// <summary>A citation of a text.</summary>
    public static void WriteCitation(int index, CitationPart citation, IBufferWriter<byte> output)
    {
        OpenDelta(index, output);
        output.Write("citations_delta\",\"citation\":"u8);
        MessagesBlockLayout.WriteCitation(citation, output);
        output.Write("}}\n\n"u8);
    }

    /// <summary>A block as the provider wrote it begins.</summary>
    public static void StartCopied(int index, JsonElement block, IBufferWriter<byte> output)
    {
        OpenStart(index, output);
        JsonBytes.Write(block, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>A delta as the provider wrote it.</summary>
    public static void WriteCopied(int index, JsonElement delta, IBufferWriter<byte> output)
    {
        output.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write(",\"delta\":"u8);
        JsonBytes.Write(delta, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>A block ends.</summary>
    public static void Stop(int index, IBufferWriter<byte> output)
    {
        output.Write("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>The end of a good stream.</summary>
    public static void WriteEnd(string stopReason, JsonText stopSequence, UsageReport usage, string? serviceTier, IBufferWriter<byte> output)
    {
        output.Write("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{"u8);
        MessagesBlockLayout.WriteStop(stopReason, stopSequence, output);
        output.Write(",\"container\":null},\"usage\":"u8);
        MessagesUsageWriter.Write(usage, serviceTier, output);
        output.Write("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\""u8);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>The end of a broken stream; no message_stop follows, so that no client takes it for a whole answer.</summary>
    public static void WriteError(RouterError error, UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: {\"type\":\"error\",\"error\":"u8);
        MessagesErrorWriter.WriteObject(error, output);
        if (!usage.Usage.IsUnknown)
        {
            output.Write(",\"usage\":"u8);
            MessagesUsageWriter.Write(usage, null, output);
        }
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}\n\n"u8);
    }

    /// <summary>What was sent to a provider, in an event that clients ignore.</summary>
    public static void WriteUpstreamBody(ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        output.Write("event: ping\ndata: {\"type\":\"ping\",\"debug\":{\"echo_upstream_body\":"u8);
        JsonBytes.WriteMinified(body.Span, output);
        output.Write("}}\n\n"u8);
    }

    private static void OpenStart(int index, IBufferWriter<byte> output)
    {
        output.Write("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write(",\"content_block\":"u8);
    }

    private static void OpenDelta(int index, IBufferWriter<byte> output)
    {
        output.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        JsonBytes.Write(index, output);
        output.Write(",\"delta\":{\"type\":\""u8);
    }

    private static void WriteDelta(int index, ReadOnlySpan<byte> typeAndName, JsonText value, IBufferWriter<byte> output)
    {
        OpenDelta(index, output);
        output.Write(typeAndName);
        value.WriteValue(output);
        output.Write("}}\n\n"u8);
    }
}
