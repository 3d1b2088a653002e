using System.Buffers;
using System.Text;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatStreamPatcherTests
{
    private const string Chunk =
        """{"id":"chatcmpl-B1","object":"chat.completion.chunk","created":1"""
            + ""","model":"gpt","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{DELTA},"logprobs":null"""
            + ""","finish_reason":null}],"usage":null,"obfuscation":"x"}""";

    [Theory]
    [InlineData("\"content\":\" plain text\"")]
    [InlineData("\"content\":\" escapes \\\" \\u00e9 \\ud83d\\ude00 \\n\"")]
    [InlineData("\"reasoning_content\":\" thought\",\"content\":null")]
    [InlineData("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\"}}]")]
    public void An_event_of_text_allocates_nothing(string delta)
    {
        var patcher = new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header);
        var progress = new StreamProgress();
        var output = new ArrayBufferWriter<byte>(1024);
        using var reader = new SseReader();
        var opening = Sse(
            "\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]");
        var chunk = Sse(delta);
        Pump(opening, 1);
        Pump(chunk, 200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Pump(chunk, 5000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(5200, patcher.FastEvents);

        void Pump(byte[] bytes, int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.ResetWrittenCount();
                // Cut in two, so that the carried-over way is measured as well.
                reader.Append(bytes.AsMemory(0, bytes.Length / 2));
                if (reader.TryRead(out _)) throw new InvalidOperationException("Half an event is no event.");
                reader.Append(bytes.AsMemory(bytes.Length / 2));
                while (reader.TryRead(out var frame)) patcher.Transcode(frame.Name, frame.Data, output, progress);
                if (output.WrittenCount == 0) throw new InvalidOperationException("Nothing was written.");
            }
        }
    }

    /// <summary>A member's name that is not Unicode: what comes before it in the event must not reach the caller either.</summary>
    [Theory]
    [InlineData("\"content\":\"text\",\"reasoning_details\":[{\"\\udc00\":0}]")]
    [InlineData("\"role\":\"assistant\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"a\"},{\"\\ud800\":0}]")]
    public void Event_that_is_refused_writes_nothing(string delta)
    {
        var output = new ArrayBufferWriter<byte>();
        var progress = new StreamProgress();
        var chunk = Encoding.UTF8.GetBytes(Chunk.Replace("DELTA", delta, StringComparison.Ordinal));

        Assert.Throws<InvalidOperationException>(() =>
            new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header).Transcode(default, chunk, output, progress));

        Assert.Equal((0, false, 0L), (output.WrittenCount, progress.TokenSeen, progress.OutputBytes));
    }

    [Fact]
    public void Random_deltas_give_the_canonical_bytes()
    {
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var stream = new StringBuilder();
            for (var i = random.Next(1, 12); i > 0; i--)
                stream.Append("data: ").Append(Chunk.Replace("DELTA", RandomDelta(random), StringComparison.Ordinal)).Append("\n\n");
            stream.Append("data: [DONE]\n\n");
            var bytes = Encoding.UTF8.GetBytes(stream.ToString());

            var canonical = Samples.Play(Samples.Canonical(Samples.Header), [bytes]);
            var fast = Samples.Play(new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header), [bytes]);

            Assert.Equal(canonical.Output, fast.Output);
            Assert.Equal(canonical.Summary, fast.Summary);
        }
    }

    [Fact]
    public void Broken_UTF8_is_refused_by_both_paths()
    {
        byte[] data = [.. """{"choices":[{"delta":{"content":"a"""u8, 0xFF, .. "\"}}]}"u8];
        IStreamTranscoder[] transcoders = [Samples.Canonical(Samples.Header), new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header)];
        foreach (var transcoder in transcoders)
        {
            var output = new ArrayBufferWriter<byte>();
            Assert.Throws<UpstreamFormatException>(() => transcoder.Transcode(default, data, output, new StreamProgress()));
            Assert.Equal(0, output.WrittenCount);
        }
    }

    private static byte[] Sse(string delta) => Encoding.UTF8.GetBytes("data: " + Chunk.Replace("DELTA", delta, StringComparison.Ordinal) + "\n\n");

    private static string RandomDelta(Random random)
    {
        var members = new List<string>();
        if (random.Next(3) == 0) members.Add("\"role\":\"assistant\"");
        if (random.Next(2) == 0) members.Add("\"content\":" + RandomText(random));
        if (random.Next(4) == 0) members.Add("\"reasoning_content\":" + RandomText(random));
        if (random.Next(4) == 0) members.Add("\"reasoning\":" + RandomText(random));
        if (random.Next(6) == 0) members.Add("\"refusal\":" + RandomText(random));
        if (random.Next(6) == 0) members.Add("\"extra\":[ " + RandomText(random) + " , {\"a\":1e3} ]");
        if (random.Next(4) == 0) members.Add($$$"""
            "tool_calls":[{"index":{{{random.Next(3)}}},"id":"c{{{random.Next(4)}}}","function":{"name":"f","arguments":{{{RandomText(random)}}}}}]
            """.Trim());
        for (var i = members.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (members[i], members[j]) = (members[j], members[i]);
        }
        return string.Join(",", members);
    }

    private static string RandomText(Random random)
    {
        if (random.Next(8) == 0) return "null";
        string[] pieces = ["a", " word", "é", "漢", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u001F", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\uD83D",
            "\\ude00", "\\t", "\u007f", "\u2028"];
        var text = new StringBuilder("\"");
        for (var i = random.Next(6); i > 0; i--) text.Append(pieces[random.Next(pieces.Length)]);
        return text.Append('"').ToString();
    }
}
