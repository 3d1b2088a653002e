using System.Buffers;

namespace EdgeRouter.Dialects.Sse;

/// <summary>
/// Writes server-sent events. Stateless and thread-safe. An event that is built in pieces starts with <see cref="DataPrefix"/> and ends with
/// <see cref="End"/>.
/// </summary>
public static class SseWriter
{
    /// <summary>Media type of event streams.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>Opens a data line.</summary>
    public static ReadOnlySpan<byte> DataPrefix => "data: "u8;

    /// <summary>Ends the data line and the event.</summary>
    public static ReadOnlySpan<byte> End => "\n\n"u8;

    /// <summary>The whole event that ends an OpenAI Chat stream.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>The comment that keeps a stream open while there is nothing to send, as OpenRouter writes it.</summary>
    public static ReadOnlySpan<byte> Processing => ": OPENROUTER PROCESSING\n\n"u8;

    /// <summary>Writes an event without a name. Line breaks in the data become further data lines, as the format requires.</summary>
    public static void WriteData(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        while (true)
        {
            output.Write(DataPrefix);
            var lineEnd = data.IndexOfAny((byte)'\r', (byte)'\n');
            if (lineEnd < 0) break;
            output.Write(data[..lineEnd]);
            output.Write("\n"u8);
            var isPair = data[lineEnd] == '\r' && lineEnd + 1 < data.Length && data[lineEnd + 1] == '\n';
            data = data[(lineEnd + (isPair ? 2 : 1))..];
        }
        output.Write(data);
        output.Write(End);
    }

    /// <summary>Writes a named event.</summary>
    /// <exception cref="ArgumentException">The name holds a line break.</exception>
    public static void WriteEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        RefuseLineBreak(name);
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
        WriteData(data, output);
    }

    /// <summary>Writes a comment, which readers ignore.</summary>
    /// <exception cref="ArgumentException">The text holds a line break.</exception>
    public static void WriteComment(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        RefuseLineBreak(text);
        output.Write(": "u8);
        output.Write(text);
        output.Write(End);
    }

    private static void RefuseLineBreak(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'\r', (byte)'\n') >= 0) throw new ArgumentException("A line break would end the line.", nameof(text));
    }
}
