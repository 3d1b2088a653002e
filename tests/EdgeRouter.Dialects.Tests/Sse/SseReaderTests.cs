using System.Text;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Sse;

public sealed class SseReaderTests
{
    public static TheoryData<string, string> Streams => new()
    {
        { "data: a\n\ndata: b\n\n", "|a;|b;" },
        { "data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b;" },
        { "data: a\r\rdata: b\r\r", "|a;|b;" },
        { "data: a\n\r\n\rdata: b\r\n\n", "|a;|b;" },
        { "\uFEFFdata: a\n\n", "|a;" },
        { "\uFEFF\n\n: x\n\ndata: a\n\n", "|a;" },
        { "\n\n\r\n\r\ndata: a\n\n\n\n", "|a;" },
        { ": OPENROUTER PROCESSING\n\n: again\n: and again\ndata: a\n: inside\n\n", "|a;" },
        { ":\n\n", "" },
        { "data: a\ndata: b\ndata:c\n\n", "|a\nb\nc;" },
        { "data: a\r\ndata: b\r\n\r\n", "|a\nb;" },
        { "data:\n\n", "|;" },
        { "data\n\n", "|;" },
        { "data:  two spaces\n\n", "| two spaces;" },
        { "data:a:b\n\n", "|a:b;" },
        { "event: x\ndata: a\n\ndata: b\n\n", "x|a;|b;" },
        { "data: a\nevent: x\nevent: y\n\n", "y|a;" },
        { "id: 1\nretry: 10\nevent: x\ndata: a\n\n", "x|a;" },
        { "event: only\n\ndata: a\n\n", "|a;" },
        { "other: x\nDATA: x\ndatax: x\n\n", "" },
        { "data: a\n\ndata: no final newline", "|a;|no final newline;" },
        { "data: one newline\n", "|one newline;" },
        { "data: [DONE]", "|[DONE];" },
        { "event: x", "" },
        { "data: é漢😀\n\n", "|é漢😀;" },
        { "", "" },
    };

    [Theory, MemberData(nameof(Streams))]
    public void Events_are_the_same_at_every_split(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);

        Assert.Equal(expected, Read([bytes]));
        Assert.Equal(expected, Read(bytes.Select(one => new[] { one })));
        for (var first = 0; first <= bytes.Length; first++)
            for (var second = first; second <= bytes.Length; second++)
                Assert.Equal(expected, Read([bytes[..first], bytes[first..second], bytes[second..]]));
    }

    [Fact]
    public void Event_within_a_chunk_is_not_copied()
    {
        var chunk = "data: first\n\nevent: x\ndata: second\n\n"u8.ToArray();
        using var reader = new SseReader();
        reader.Append(chunk);

        Assert.True(reader.TryRead(out var first));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(first.Data, out var segment));
        Assert.Same(chunk, segment.Array);
        Assert.True(reader.TryRead(out var second));
        Assert.Equal("x", Encoding.UTF8.GetString(second.Name));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(second.Data, out segment));
        Assert.Same(chunk, segment.Array);
        Assert.Equal(0, reader.HeldBytes);
    }

    [Theory]
    [InlineData("data: a\n\n")]
    [InlineData("data: a\r\n\r\n")]
    [InlineData("data: a\n\n: OPENROUTER PROCESSING\n\n")]
    [InlineData("data: a\n\n: a comment line without a blank line\n")]
    [InlineData("data: a\ndata: b\n\n")]
    public void An_idle_reader_holds_no_buffer(string stream)
    {
        using var reader = new SseReader();
        foreach (var one in Encoding.UTF8.GetBytes(stream))
        {
            reader.Append(new[] { one });
            while (reader.TryRead(out _)) { }
        }

        Assert.Equal(0, reader.HeldBytes);
    }

    [Fact]
    public void Endless_comment_lines_fill_no_buffer()
    {
        using var reader = new SseReader(maxEventBytes: 64);
        for (var i = 0; i < 1000; i++)
        {
            reader.Append(": still ther"u8.ToArray());
            Assert.False(reader.TryRead(out _));
            reader.Append("e, keep waiting\n"u8.ToArray());
            Assert.False(reader.TryRead(out _));
        }

        Assert.Equal(0, reader.HeldBytes);
    }

    [Fact]
    public void An_event_over_the_bound_is_refused_at_every_split()
    {
        var bytes = Encoding.UTF8.GetBytes("data: " + new string('x', 93) + "\n\n");
        for (var split = 0; split <= bytes.Length; split++)
        {
            var chunks = new[] { bytes[..split], bytes[split..] };
            Assert.Equal("|" + new string('x', 93) + ";", Read(chunks, maxEventBytes: bytes.Length));
            Assert.Throws<UpstreamFormatException>(() => Read(chunks, maxEventBytes: bytes.Length - 1));
        }
    }

    [Fact]
    public void Without_an_end_an_event_is_refused_as_soon_as_it_is_too_large()
    {
        using var reader = new SseReader(maxEventBytes: 1000);
        var refused = 0;
        for (var fed = 0; fed < 2000 && refused == 0; fed += 100)
        {
            reader.Append(new byte[100]);
            try
            {
                reader.TryRead(out _);
            }
            catch (UpstreamFormatException)
            {
                refused = fed + 100;
            }
        }

        Assert.Equal(1100, refused);
    }

    [Fact]
    public void Appending_before_the_chunk_was_read_is_refused()
    {
        using var reader = new SseReader();
        reader.Append("data: a\n\n"u8.ToArray());

        Assert.Throws<InvalidOperationException>(() => reader.Append("data: b\n\n"u8.ToArray()));
    }

    private static string Read(IEnumerable<byte[]> chunks, int maxEventBytes = SseReader.DefaultMaxEventBytes)
    {
        using var reader = new SseReader(maxEventBytes);
        var text = new StringBuilder();
        foreach (var chunk in chunks)
        {
            var scratch = chunk.ToArray();
            reader.Append(scratch);
            Drain();
            // The chunk's buffer belongs to the connection again; nothing carried over may look into it.
            scratch.AsSpan().Fill((byte)'#');
        }
        reader.Complete();
        Drain();
        Assert.Equal(0, reader.HeldBytes);
        return text.ToString();

        void Drain()
        {
            while (reader.TryRead(out var frame))
                text.Append(Encoding.UTF8.GetString(frame.Name)).Append('|').Append(Encoding.UTF8.GetString(frame.Data.Span)).Append(';');
        }
    }
}
