using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicStreams;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Streams that cannot be trusted are refused with one exception, whatever is wrong with them.</summary>
public sealed class AnthropicMalformedStreamTests
{
    private const string TextBlock = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("[DONE]")]
    [InlineData("""{"type":"ping"} {}""")]
    [InlineData("""{"type":"ping"}x""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"message_start","message":{"id":"\ud800"}}""")]
    [InlineData("""{"type":"content_block_delta","index":"0","delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":1.5,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":99999999999,"delta":{"type":"text_delta","text":"x"}}""")]
    public void Events_that_are_no_objects_of_the_wire(string data) => Assert.Throws<UpstreamFormatException>(() => Read(data));

    [Theory]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":5}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ud800"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_stop","index":1}""")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""")]
    [InlineData("""{"type":"content_block_start","index":1}""")]
    [InlineData("""{"type":"content_block_start","index":1,"content_block":{"text":""}}""")]
    [InlineData("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","name":"f"}}""")]
    [InlineData("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"c"}}""")]
    [InlineData("""{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking"}}""")]
    [InlineData("""{"type":"message_delta","delta":{"stop_reason":5}}""")]
    [InlineData(Start)]
    public void Events_that_do_not_fit_an_open_text_block(string data)
    {
        Assert.NotEmpty(Read(Start, TextBlock));
        Assert.Throws<UpstreamFormatException>(() => Read(Start, TextBlock, data));
    }

    [Theory]
    [InlineData(TextBlock)]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":"content_block_stop","index":0}""")]
    [InlineData("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""")]
    [InlineData("""{"type":"message_stop"}""")]
    public void Nothing_comes_before_the_start(string data) => Assert.Throws<UpstreamFormatException>(() => Read(data));

    [Fact]
    public void Error_may_come_before_the_start() =>
        Assert.Equal(
            [new StreamFailed(new UpstreamError(null, null, "api_error", "Internal"))],
            Read("""{"type":"error","error":{"type":"api_error","message":"Internal"}}"""));

    [Fact]
    public void Delta_of_a_stopped_block() =>
        Assert.Throws<UpstreamFormatException>(() => Read(
            Start, TextBlock, """{"type":"content_block_stop","index":0}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}"""));

    [Fact]
    public void Blocks_opened_without_end() =>
        Assert.Throws<UpstreamFormatException>(() =>
            Read([Start, .. Enumerable.Range(0, 1000).Select(i => TextBlock.Replace("\"index\":0", $"\"index\":{i}"))]));

    [Fact]
    public void Nesting_without_end() => Assert.Throws<UpstreamFormatException>(() => Read("{\"type\":\"x\",\"y\":" + new string('[', 100_000)));

    [Fact]
    public void Random_damage_never_gives_another_exception()
    {
        var wires = new[] { "text.sse", "tools.sse", "thinking.sse", "web-search.sse", "overloaded.sse", "newer-api.sse" }.Select(name =>
            Events(Fixture(name)).ToList()).ToList();
        var random = new Random(20261120);
        var refused = 0;
        for (var round = 0; round < 5000; round++)
        {
            var reader = new AnthropicMessagesWire().CreateStreamReader(Provider);
            var events = new List<StreamEvent>();
            try
            {
                foreach (var (name, data) in wires[random.Next(wires.Count)])
                    reader.Read(Encoding.UTF8.GetBytes(name), Damage(Encoding.UTF8.GetBytes(data), random), events);
            }
            catch (UpstreamFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 4999);
    }

    /// <summary>Some events lose a piece or get other bytes; some vanish into an unknown one.</summary>
    private static byte[] Damage(byte[] data, Random random)
    {
        switch (random.Next(30))
        {
            case 0: return data[..random.Next(data.Length)];
            case 1: return "{}"u8.ToArray();
            case 2 or 3:
                data[random.Next(data.Length)] = (byte)random.Next(256);
                return data;
            default: return data;
        }
    }
}
