using System.Globalization;
using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

/// <summary>What a hostile or broken provider may not do.</summary>
public sealed class OpenAIChatBoundsTests
{
    public static TheoryData<string> Refused => new()
    {
        """{"choices":[{"index":128,"delta":{"content":"x"}}]}""",
        """{"choices":[{"index":1.5,"delta":{"content":"x"}}]}""",
        """{"choices":[{"index":99999999999,"delta":{"content":"x"}}]}""",
        """{"choices":[{"delta":{"tool_calls":[{"index":"0"}]}}]}""",
        """{"choices":[{"delta":{"tool_calls":["x"]}}]}""",
        """{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{}"}}]}}]}""",
        """{"choices":[{"delta":{"images":["x"]}}]}""",
        """{"choices":[{"delta":{"content":true}}]}""",
        """{"choices":[{"delta":"x"}]}""",
        """{"choices":["x"]}""",
        """{"choices":"x"}""",
        """{"choices":[]}{}""",
        "true",
        "{\"choices\":[{\"delta\":{\"tool_calls\":["
            + string.Join(',', Enumerable.Range(0, 1025).Select(i => "{\"index\":" + i.ToString(CultureInfo.InvariantCulture) + "}")) + "]}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"" + new string('x', 70_000) + "\"}]}}]}",
        "{\"choices\":[{\"delta\":{\"x\":" + new string('[', 100) + new string(']', 100) + "}}]}",
    };

    [Theory, MemberData(nameof(Refused))]
    public void Malformed_event_is_refused_by_both_paths_and_writes_nothing(string data)
    {
        IStreamTranscoder[] transcoders = [Samples.Canonical(Samples.Header), new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header)];
        foreach (var transcoder in transcoders)
        {
            var written = Samples.Text(output =>
                Assert.Throws<UpstreamFormatException>(() => transcoder.Transcode(default, Encoding.UTF8.GetBytes(data), output, new StreamProgress())));
            Assert.Equal("", written);
        }
    }

    [Fact]
    public void Overlong_words_do_not_reach_records()
    {
        var word = new string('w', 5000);
        var data = Encoding.UTF8.GetBytes(
            $$$"""{"id":"{{{word}}}","model":"{{{word}}}","system_fingerprint":"{{{word}}}","service_tier":"{{{word}}}","choices":"""
                + $$$"""[{"delta":{"content":"x"},"finish_reason":"{{{word}}}"}]}""");
        var outputs = new List<string>();
        IStreamTranscoder[] transcoders = [Samples.Canonical(Samples.Header), new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header)];
        foreach (var transcoder in transcoders)
        {
            var progress = new StreamProgress();
            outputs.Add(Samples.Text(output => transcoder.Transcode(default, data, output, progress)));
            Assert.Equal((null, null, null, FinishReason.Stop),
                (progress.UpstreamId, progress.ServiceTier, progress.NativeFinishReason, progress.FinishReason));
        }

        Assert.DoesNotContain("www", outputs[0], StringComparison.Ordinal);
        Assert.Equal(outputs[0], outputs[1]);
    }

    [Fact]
    public void Random_damage_is_refused_or_read_alike_by_both_paths()
    {
        var random = new Random(31);
        var names = StreamCorpus.Names.Select(row => row.Data).ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var bytes = StreamCorpus.Read(names[random.Next(names.Length)]);
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                var position = random.Next(bytes.Length);
                bytes[position] = random.Next(3) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
            }
            var canonical = Samples.Play(Samples.Canonical(Samples.Header), [bytes]);
            var fast = Samples.Play(new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header), [bytes]);

            Assert.Equal(canonical.Output, fast.Output);
            Assert.Equal(canonical.Summary, fast.Summary);
        }
    }
}
