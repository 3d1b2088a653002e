using System.Buffers;
using System.Text;
using EdgeRouter.Dialects.Sse;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Sse;

public sealed class SseWriterTests
{
    [Theory]
    [InlineData("{}", "data: {}\n\n")]
    [InlineData("", "data: \n\n")]
    [InlineData("a\nb\r\nc\rd", "data: a\ndata: b\ndata: c\ndata: d\n\n")]
    public void Data_is_an_event_of_as_many_lines(string data, string expected) =>
        Assert.Equal(expected, Written(output => SseWriter.WriteData(Encoding.UTF8.GetBytes(data), output)));

    [Fact]
    public void Named_event_has_its_name_first() =>
        Assert.Equal("event: ping\ndata: {}\n\n", Written(output => SseWriter.WriteEvent("ping"u8, "{}"u8, output)));

    [Fact]
    public void Comment_is_no_event() => Assert.Equal(": still here\n\n", Written(output => SseWriter.WriteComment("still here"u8, output)));

    [Fact]
    public void Set_phrases_are_spelt_as_clients_know_them()
    {
        Assert.Equal("data: [DONE]\n\n", Encoding.UTF8.GetString(SseWriter.Done));
        Assert.Equal(": OPENROUTER PROCESSING\n\n", Encoding.UTF8.GetString(SseWriter.Processing));
    }

    [Fact]
    public void Line_break_in_a_name_or_comment_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Written(output => SseWriter.WriteEvent("a\nb"u8, "{}"u8, output)));
        Assert.Throws<ArgumentException>(() => Written(output => SseWriter.WriteComment("a\rdata: b"u8, output)));
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
