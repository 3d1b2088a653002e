using System.Buffers.Binary;
using System.Text;
using EdgeRouter.Dialects.BedrockConverse.Wire.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport.EventStreams;
using Xunit;

namespace EdgeRouter.Dialects.Tests.BedrockConverse;

public sealed class EventStreamReaderTests
{
    private const int MaxBytes = 4096;

    private static readonly byte[] Stream =
    [
        .. EventStreamMessage.Event("messageStart", """{"role":"assistant"}"""),
        .. EventStreamMessage.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Grüße 🌍"}}"""),
        .. EventStreamMessage.Event("empty", ""),
        .. EventStreamMessage.Exception("throttlingException", """{"message":"slow"}"""),
        .. EventStreamMessage.Error("InternalFailure", "broken"),
    ];

    private static readonly string[] Frames =
    [
        """messageStart {"role":"assistant"}""", """contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Grüße 🌍"}}""", "empty ",
        """:exception throttlingException {"message":"slow"}""", ":exception InternalFailure broken", ":end ",
    ];

    [Fact]
    public void Whole_stream_is_read() => Assert.Equal(Frames, Read([Stream]));

    [Fact]
    public void Stream_split_at_every_byte_is_read_the_same()
    {
        for (var at = 1; at < Stream.Length; at++) Assert.Equal(Frames, Read([Stream[..at], Stream[at..]]));
        Assert.Equal(Frames, Read(Stream.Select(static one => new[] { one })));
    }

    [Fact]
    public void Every_byte_that_is_changed_is_found()
    {
        var message = EventStreamMessage.Event("messageStart", """{"role":"assistant"}""");
        for (var at = 0; at < message.Length; at++)
        {
            var changed = (byte[])message.Clone();
            changed[at] ^= 0x10;
            Assert.Contains("checksum", Assert.Throws<UpstreamFormatException>(() => Read([changed])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stream_that_ends_inside_a_message_has_no_end()
    {
        for (var cut = 1; cut < 40; cut++) Assert.Equal(Frames[..4], Read([Stream[..^cut]]));
    }

    [Fact]
    public void Message_larger_than_permitted_is_refused_before_it_has_come()
    {
        var large = EventStreamMessage.Event("contentBlockDelta", new string('a', MaxBytes));

        Assert.Contains("larger than 4096", Assert.Throws<UpstreamFormatException>(() => Read([large[..12]])).Message, StringComparison.Ordinal);
        Assert.Single(Read([EventStreamMessage.Write(Array.Empty<byte>(), new byte[MaxBytes - 16])]), frame => frame != ":end ");
    }

    [Theory]
    [InlineData(15u, 0u)]
    [InlineData(0u, 0u)]
    [InlineData(100u, 85u)]
    [InlineData(100u, uint.MaxValue)]
    public void Lengths_that_cannot_be_are_refused(uint length, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, length);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), System.IO.Hashing.Crc32.HashToUInt32(prelude.AsSpan(0, 8)));

        Assert.Throws<UpstreamFormatException>(() => Read([prelude]));
    }

    [Fact]
    public void Headers_of_every_type_are_passed_over()
    {
        byte[] headers =
        [
            .. EventStreamMessage.Header("yes", 0, []), .. EventStreamMessage.Header("no", 1, []), .. EventStreamMessage.Header("byte", 2, [1]),
            .. EventStreamMessage.Header("short", 3, new byte[2]), .. EventStreamMessage.Header("int", 4, new byte[4]),
            .. EventStreamMessage.Header("long", 5, new byte[8]), .. EventStreamMessage.Header("bytes", 6, [0, 2, 9, 9]),
            .. EventStreamMessage.Header("time", 8, new byte[8]), .. EventStreamMessage.Header("uuid", 9, new byte[16]),
            .. EventStreamMessage.Header(":event-type", 7, [0, 1, (byte)'x']),
        ];

        Assert.Equal(["x payload", ":end "], Read([EventStreamMessage.Write(headers, "payload"u8.ToArray())]));
    }

    [Theory]
    [InlineData(new byte[] { 5, 97 })]
    [InlineData(new byte[] { 1, 97 })]
    [InlineData(new byte[] { 1, 97, 10 })]
    [InlineData(new byte[] { 1, 97, 7, 0 })]
    [InlineData(new byte[] { 1, 97, 7, 0, 2, 98 })]
    public void Headers_that_are_cut_or_unknown_are_refused(byte[] headers) =>
        Assert.Throws<UpstreamFormatException>(() => Read([EventStreamMessage.Write(headers, [])]));

    [Fact]
    public void No_buffer_is_held_between_messages_and_no_more_than_has_come_inside_one()
    {
        using var reader = new EventStreamReader(16 * 1024 * 1024);
        var message = EventStreamMessage.Event("contentBlockDelta", new string('a', 10 * 1024 * 1024));
        reader.Append(message.AsMemory(0, 100));
        Assert.False(reader.TryRead(out _));
        Assert.InRange(reader.HeldBytes, 100, 1024);

        reader.Append(message.AsMemory(100));
        Assert.True(reader.TryRead(out var frame));
        Assert.True(frame.Data.Length > 10_000_000);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(0, reader.HeldBytes);
    }

    [Theory]
    [InlineData("application/vnd.amazon.eventstream", true)]
    [InlineData("Application/vnd.amazon.EventStream; charset=x", true)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Media_type_tells_the_framing(string? contentType, bool matches) => Assert.Equal(matches, EventStreamFraming.Json.Framing.Matches(contentType));

    private static List<string> Read(IEnumerable<byte[]> chunks)
    {
        using var reader = EventStreamFraming.Json.Framing.CreateReader(MaxBytes);
        var frames = new List<string>();
        foreach (var chunk in chunks)
        {
            reader.Append(chunk);
            while (reader.TryRead(out var frame)) frames.Add(Show(frame));
        }
        reader.Complete();
        while (reader.TryRead(out var frame)) frames.Add(Show(frame));
        return frames;
    }

    private static string Show(Framing.StreamFrame frame) => $"{Encoding.UTF8.GetString(frame.Name)} {Encoding.UTF8.GetString(frame.Data.Span)}";
}
