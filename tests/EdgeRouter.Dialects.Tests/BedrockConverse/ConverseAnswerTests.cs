using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.BedrockConverse.Wire;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport.EventStreams;
using Xunit;

namespace EdgeRouter.Dialects.Tests.BedrockConverse;

/// <summary>Answers, whole and streamed.</summary>
public sealed class ConverseAnswerTests
{
    private static readonly BedrockConverseWire Wire = new();
    private static readonly Core.Catalog.Provider Provider = ConverseTarget.Provider;

    private static readonly ContentPart[] Parts =
    [
        new ReasoningPart(ReasoningKind.Text) { Text = "Let me think", Signature = "sig-1", Format = ReasoningFormats.Anthropic, Index = 0 },
        new ReasoningPart(ReasoningKind.Encrypted) { Data = "AQID", Format = ReasoningFormats.Anthropic, Index = 1 },
        new TextPart("Grüße 🌍"),
        new CitationPart("https://a.example", "T"),
        new ToolCallPart("tooluse_1", "f", """{"a":1}"""),
        new ToolCallPart("tooluse_2", "g", "{}"),
    ];

    private static readonly TokenUsage Usage = new() { Input = 12, CacheRead = 500, CacheWrite5m = 10, CacheWrite1h = 30, Output = 34 };

    [Fact]
    public void Whole_answer_is_read_in_order()
    {
        var answer = Wire.ReadResponse(Encoding.UTF8.GetBytes(ConverseStreams.Whole), Provider);

        var choice = Assert.Single(answer.Choices);
        Assert.Equal(Parts, choice.Message.Content);
        Assert.Equal((FinishReason.ToolCalls, "tool_use", Usage), (choice.FinishReason!.Value, choice.NativeFinishReason, answer.Usage!.Value));
    }

    [Fact]
    public void Streamed_answer_is_the_whole_one_wherever_it_is_split()
    {
        var bytes = ConverseStreams.Bytes(ConverseStreams.Everything);
        var events = Read([bytes]);
        var assembled = Assemble(events);
        Assert.True(assembled.Completed);
        var answer = assembled.ToResponse();
        Assert.Equal(Parts, Assert.Single(answer.Choices).Message.Content);
        Assert.Equal((FinishReason.ToolCalls, Usage), (answer.Choices[0].FinishReason!.Value, answer.Usage!.Value));

        var shown = Show(events);
        for (var at = 1; at < bytes.Length; at++) Assert.Equal(shown, Show(Read([bytes[..at], bytes[at..]])));
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("content_filtered", FinishReason.ContentFilter)]
    [InlineData("guardrail_intervened", FinishReason.ContentFilter)]
    [InlineData("malformed_tool_use", FinishReason.Error)]
    [InlineData("something_new", FinishReason.Stop)]
    public void Stop_reason_is_mapped_and_kept(string reason, FinishReason expected)
    {
        var answer = Wire.ReadResponse(Encoding.UTF8.GetBytes($$$"""{"output":{"message":{"content":[]}},"stopReason":"{{{reason}}}"}"""), Provider);

        Assert.Equal((expected, reason), (answer.Choices[0].FinishReason!.Value, answer.Choices[0].NativeFinishReason));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("""{"output":{"message":1}}""")]
    [InlineData("""{"output":{"message":{"content":[{"toolUse":{"name":"f"}}]}}}""")]
    public void Body_that_is_no_answer_is_refused(string body) =>
        Assert.Throws<UpstreamFormatException>(() => Wire.ReadResponse(Encoding.UTF8.GetBytes(body), Provider));

    [Fact]
    public void Stream_is_complete_only_behind_its_stop()
    {
        for (var count = 0; count < ConverseStreams.Everything.Length; count++)
        {
            var complete = Assemble(Read([ConverseStreams.Bytes(ConverseStreams.Everything[..count])])).Completed;
            // The usage is missing only when the last event is; the answer is whole then.
            Assert.Equal(count == ConverseStreams.Everything.Length - 1, complete);
        }
    }

    [Theory]
    [InlineData("throttlingException", "ThrottlingException")]
    [InlineData("modelStreamErrorException", "ModelStreamErrorException")]
    [InlineData("somethingNewException", "SomethingNewException")]
    public void Exception_in_a_stream_is_an_error_and_ends_it(string type, string expected)
    {
        byte[] bytes = [.. ConverseStreams.Bytes(ConverseStreams.Everything[..2]), .. EventStreamMessage.Exception(type, """{"message":"Too fast"}"""),
            .. ConverseStreams.Bytes(ConverseStreams.Everything[2..])];

        var events = Read([bytes]);

        var failed = Assert.IsType<StreamFailed>(events[^1]);
        Assert.Equal((expected, "Too fast"), (failed.Error.Type, failed.Error.Message));
    }

    [Theory]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"a"}}""", "does not begin")]
    [InlineData("messageStart,contentBlockDelta", """{"delta":{"text":"a"}}""", "no index")]
    [InlineData("messageStart,contentBlockDelta", """{"contentBlockIndex":"a"}""", "not an integer")]
    [InlineData("messageStart,contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":1}}""", "not a string")]
    [InlineData("messageStart,contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}}}""", "did not begin")]
    [InlineData("messageStart,contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"!"}}}""", "not base64")]
    [InlineData("messageStart,contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"name":"f"}}}""", "no id")]
    [InlineData("messageStart,contentBlockDelta", "[1]", "no JSON object")]
    [InlineData("messageStart,contentBlockDelta", "{} {}", "not valid JSON")]
    [InlineData("messageStart,messageStop", "{}", "without a reason")]
    [InlineData("messageStart,messageStart", "{}", "second messageStart")]
    public void Event_that_cannot_be_is_refused(string types, string payload, string fault)
    {
        var names = types.Split(',');
        var events = names.Select((type, i) => (type, i == names.Length - 1 ? payload : "{}"));

        Assert.Contains(fault, Assert.Throws<UpstreamFormatException>(() => Read([ConverseStreams.Bytes(events)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_are_started_without_end_are_bounded()
    {
        var events = Enumerable.Range(0, 1000).Select(i =>
            ("contentBlockStart", $$$$"""{"contentBlockIndex":{{{{i}}}},"start":{"toolUse":{"toolUseId":"t{{{{i}}}}","name":"f"}}}"""))
            .Prepend(("messageStart", "{}"));

        Assert.Throws<UpstreamFormatException>(() => Read([ConverseStreams.Bytes(events)]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Redacted_thoughts_are_bounded_while_their_blocks_are_open(bool ends)
    {
        const int Blocks = 17;
        // 16 of them are as much as may be open.
        var data = Convert.ToBase64String(new byte[384 * 1024]);
        var events = Enumerable.Range(0, Blocks).SelectMany(i => ((string, string)[])
        [
            ("contentBlockDelta", $"{{\"contentBlockIndex\":{i},\"delta\":{{\"reasoningContent\":{{\"redactedContent\":\"{data}\"}}}}}}"),
            (ends ? "contentBlockStop" : "newEvent", $"{{\"contentBlockIndex\":{i}}}"),
        ]).Prepend(("messageStart", "{}"));
        var bytes = ConverseStreams.Bytes(events);

        if (ends) Assert.Equal(Blocks, Read([bytes]).Count(one => one is PartAdded));
        else Assert.Contains("redacted", Assert.Throws<UpstreamFormatException>(() => Read([bytes])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"message":"Too long"}""", null, "Too long")]
    [InlineData("""{"__type":"com.amazon.coral#ValidationException:http://x","Message":"m"}""", "ValidationException", "m")]
    [InlineData("<html>Bad gateway</html>", null, "<html>Bad gateway</html>")]
    [InlineData("", null, null)]
    [InlineData("[1]", null, "[1]")]
    public void Error_is_read_from_any_body(string body, string? type, string? message) =>
        Assert.Equal(new UpstreamError(400, null, type, message), Wire.ReadError(400, Encoding.UTF8.GetBytes(body)));

    private static List<StreamEvent> Read(IEnumerable<byte[]> chunks)
    {
        using var frames = Wire.Transport.Framing.CreateReader(1024 * 1024);
        var reader = Wire.CreateStreamReader(Provider);
        var events = new List<StreamEvent>();
        foreach (var chunk in chunks)
        {
            frames.Append(chunk);
            while (frames.TryRead(out var frame)) reader.Read(frame.Name, frame.Data, events);
        }
        frames.Complete();
        while (frames.TryRead(out var frame)) reader.Read(frame.Name, frame.Data, events);
        return events;
    }

    private static ResponseAssembler Assemble(IEnumerable<StreamEvent> events)
    {
        var assembler = new ResponseAssembler();
        foreach (var one in events) assembler.Add(one);
        return assembler;
    }

    private static string Show(IEnumerable<StreamEvent> events) => string.Join('\n', events);
}
