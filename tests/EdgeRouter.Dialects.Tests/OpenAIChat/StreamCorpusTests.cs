using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class StreamCorpusTests
{
    public static TheoryData<string> Names => StreamCorpus.Names;

    [Theory, MemberData(nameof(Names))]
    public void Stream_means_the_expected_events(string name)
    {
        var actual = DescribeEvents(StreamCorpus.Read(name));

        Assert.Equal(StreamCorpus.Expected(name, actual), actual);
    }

    [Theory, MemberData(nameof(Names))]
    public void Fast_path_writes_the_canonical_bytes(string name)
    {
        var bytes = StreamCorpus.Read(name);
        foreach (var exclude in new[] { false, true })
        {
            var header = Samples.Header with { ExcludeReasoning = exclude };
            var canonical = Samples.Play(Samples.Canonical(header), [bytes]);
            var fast = Samples.Play(new OpenAIChatStreamPatcher(Samples.Provider(), header), [bytes]);

            Assert.Equal(canonical.Output, fast.Output);
            Assert.Equal(canonical.Summary, fast.Summary);
            Assert.DoesNotContain(exclude ? "\"reasoning" : "no such text", canonical.Output.Replace("\"reasoning_tokens\"", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void However_the_stream_is_split_the_bytes_are_the_same(string name)
    {
        var bytes = StreamCorpus.Read(name);
        var whole = Samples.Play(Samples.Canonical(Samples.Header), [bytes]);
        var random = new Random(20261120);
        for (var round = 0; round < 40; round++)
        {
            var chunks = Split(bytes, random, round);
            var fast = Samples.Play(new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header), chunks);

            Assert.Equal(whole.Output, fast.Output);
            Assert.Equal(whole.Summary, fast.Summary);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Chunks_satisfy_the_strict_client(string name)
    {
        var played = Samples.Play(Samples.Canonical(Samples.Header), [StreamCorpus.Read(name)]);
        var finishes = 0;
        foreach (var json in DataLines(played.Output))
        {
            if (json == "[DONE]") continue;
            using var document = JsonDocument.Parse(json);
            var chunk = document.RootElement;
            Assert.Equal("gen-1760000000-AAabc", chunk.GetProperty("id").GetString());
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            Assert.Equal(1760000000, chunk.GetProperty("created").GetInt64());
            Assert.Equal("acme/one", chunk.GetProperty("model").GetString());
            Assert.False(chunk.TryGetProperty("system_fingerprint", out var fingerprint) && fingerprint.ValueKind != JsonValueKind.String);
            Assert.False(chunk.TryGetProperty("error", out var error) && error.GetProperty("code").ValueKind != JsonValueKind.Number);
            foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
            {
                Assert.True(choice.TryGetProperty("index", out _));
                Assert.Equal(JsonValueKind.Object, choice.GetProperty("delta").ValueKind);
                if (choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String && !chunk.TryGetProperty("error", out _)) finishes++;
            }
        }
        var expectedFinishes = DescribeEvents(StreamCorpus.Read(name)).Split('\n').Count(line => line.Contains(" finished ", StringComparison.Ordinal));
        Assert.Equal(expectedFinishes, finishes);
    }

    [Theory, MemberData(nameof(Names))]
    public void Only_a_completed_stream_ends_with_DONE(string name)
    {
        var played = Samples.Play(Samples.Canonical(Samples.Header), [StreamCorpus.Read(name)]);

        Assert.Equal(played.Progress.Completed, played.Output.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Equal(played.Fault is not null || played.Progress.Error is not null,
            played.Output.Contains("\"finish_reason\":\"error\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai-text", 6, 1)]
    [InlineData("openai-refusal", 4, 1)]
    [InlineData("openai-two-choices", 8, 1)]
    [InlineData("openai-tools", 5, 1)]
    [InlineData("deepseek-reasoning", 6, 1)]
    [InlineData("groq", 4, 1)]
    [InlineData("together", 2, 1)]
    [InlineData("mistral", 3, 1)]
    [InlineData("fireworks", 3, 1)]
    [InlineData("vllm", 5, 1)]
    [InlineData("ollama", 3, 1)]
    [InlineData("xai-usage-each-chunk", 3, 1)]
    [InlineData("moonshot", 3, 1)]
    [InlineData("perplexity", 2, 1)]
    public void Plain_streams_take_the_fast_path(string name, int fast, int fallback)
    {
        var patcher = new OpenAIChatStreamPatcher(Samples.Provider(), Samples.Header);
        Samples.Play(patcher, [StreamCorpus.Read(name)]);

        Assert.Equal(((long)fast, (long)fallback), (patcher.FastEvents, patcher.FallbackEvents));
    }

    private static string DescribeEvents(byte[] bytes)
    {
        using var sse = new SseReader();
        var reader = Samples.Wire.CreateStreamReader(Samples.Provider());
        var lines = new StringBuilder();
        var events = new List<StreamEvent>();
        sse.Append(bytes);
        try
        {
            while (sse.TryRead(out var frame)) Read(frame);
            sse.Complete();
            while (sse.TryRead(out var frame)) Read(frame);
        }
        catch (UpstreamFormatException exception)
        {
            lines.Append("malformed: ").Append(exception.Message).Append('\n');
        }
        return lines.ToString();

        void Read(StreamFrame frame)
        {
            events.Clear();
            reader.Read(frame.Name, frame.Data, events);
            foreach (var streamEvent in events) lines.Append(StreamCorpus.Describe(streamEvent)).Append('\n');
        }
    }

    private static List<ReadOnlyMemory<byte>> Split(byte[] bytes, Random random, int round)
    {
        var chunks = new List<ReadOnlyMemory<byte>>();
        var largest = round == 0 ? 1 : random.Next(1, 400);
        for (var position = 0; position < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), bytes.Length - position);
            chunks.Add(bytes.AsMemory(position, length));
            position += length;
        }
        return chunks;
    }

    private static IEnumerable<string> DataLines(string output) =>
        output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            Assert.StartsWith("data: ", line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
            return line["data: ".Length..];
        });
}
