using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiAnswers;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiStreamReaderTests
{
    [Fact]
    public void Thinking_stream_becomes_reasoning_text_signature_usage_and_end()
    {
        var first = new ReasoningPart(ReasoningKind.Text) { Text = "**Think", Format = ReasoningFormats.Gemini, Index = 0 };
        StreamEvent[] expected =
        [
            new ResponseStarted("r1", "gemini-2.5-flash", null, "default"),
            new ChoiceStarted(0),
            new PartStarted(0, 0, first with { Text = null }),
            new ReasoningDelta(0, 0, null, first),
            new UsageReported(new() { Input = 10, Output = 0, Reasoning = 5 }),
            new ReasoningDelta(0, 0, null, first with { Text = "ing**" }),
            new UsageReported(new() { Input = 10, Output = 0, Reasoning = 7 }),
            new PartEnded(0, 0),
            new PartStarted(0, 1, TextPart.Empty),
            new TextDelta(0, 1, "Hello"),
            new UsageReported(new() { Input = 10, Output = 1, Reasoning = 7 }),
            new PartEnded(0, 1),
            new PartAdded(0, 2, new ReasoningPart(ReasoningKind.Encrypted) { Data = "SIG", Format = ReasoningFormats.Gemini, Index = 1 }),
            new ChoiceFinished(0, FinishReason.Stop, "STOP"),
            new UsageReported(new() { Input = 10, Output = 2, Reasoning = 7 }),
            StreamCompleted.Instance,
        ];

        Assert.Equal(expected, StreamFixture("text.sse"));
    }

    [Fact]
    public void Calls_get_ids_and_usage_after_the_end_is_reported()
    {
        StreamEvent[] expected =
        [
            new ResponseStarted("r2", null),
            new ChoiceStarted(0),
            new PartStarted(0, 0, new ToolCallPart("call_0_r2_weather", "weather", """{"city": "Oslo"}""") { Signature = "SIG" }),
            new PartEnded(0, 0),
            new PartStarted(0, 1, new ToolCallPart("call_1_r2_weather", "weather", """{"city": "Bergen"}""")),
            new PartEnded(0, 1),
            new ChoiceFinished(0, FinishReason.ToolCalls, "STOP"),
            StreamCompleted.Instance,
            new UsageReported(new() { Input = 4, Output = 6 }),
        ];

        Assert.Equal(expected, StreamFixture("calls.sse"));
    }

    [Fact]
    public void Stream_is_complete_only_when_every_candidate_finished()
    {
        StreamEvent[] expected =
        [
            new ResponseStarted(null, null),
            new ChoiceStarted(0), new PartStarted(0, 0, TextPart.Empty), new TextDelta(0, 0, "a"),
            new ChoiceStarted(1), new PartStarted(1, 0, TextPart.Empty), new TextDelta(1, 0, "b"),
            new TextDelta(0, 0, "A"), new PartEnded(0, 0), new ChoiceFinished(0, FinishReason.Stop, "STOP"),
            new TextDelta(1, 0, "B"), new PartEnded(1, 0), new ChoiceFinished(1, FinishReason.Length, "MAX_TOKENS"),
            StreamCompleted.Instance,
        ];

        Assert.Equal(expected, StreamFixture("two-candidates.sse"));
    }

    [Fact]
    public void Stream_without_finish_reason_is_never_complete() =>
        Assert.Equal([new ResponseStarted("r3", null), new ChoiceStarted(0), new PartStarted(0, 0, TextPart.Empty), new TextDelta(0, 0, "Hel")],
            StreamFixture("truncated.sse"));

    [Fact]
    public void Error_chunk_fails_the_stream()
    {
        var events = StreamFixture("error-midway.sse");

        Assert.Equal(new StreamFailed(new(503, null, "UNAVAILABLE", "The model is overloaded. Please try again later.")), events[^1]);
        Assert.DoesNotContain(StreamCompleted.Instance, events);
    }

    [Fact]
    public void Error_in_an_array_fails_the_stream() =>
        Assert.Equal([new StreamFailed(new(500, null, "INTERNAL", null))], Stream("""[{"error":{"code":500,"status":"INTERNAL"}}]"""));

    [Fact]
    public void Refused_prompt_is_one_filtered_choice()
    {
        StreamEvent[] expected =
        [
            new ResponseStarted(null, null),
            new ChoiceStarted(0),
            new ChoiceFinished(0, FinishReason.ContentFilter, "PROHIBITED_CONTENT"),
            new UsageReported(new() { Input = 9, Output = 0 }),
            StreamCompleted.Instance,
        ];

        Assert.Equal(expected,
            Stream("""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}"""));
    }

    [Fact]
    public void Prompt_feedback_without_block_reason_means_nothing() =>
        Assert.Equal([new ResponseStarted(null, null)], Stream("""{"promptFeedback":{"safetyRatings":[]}}"""));

    [Fact]
    public void Finish_reason_told_again_is_told_once()
    {
        const string Chunk = """{"candidates":[{"finishReason":"STOP"}]}""";

        Assert.Empty(Chunks(Chunk, Chunk)[1]);
    }

    [Fact]
    public void Sources_that_come_again_are_told_once()
    {
        const string Chunk = """{"candidates":[{"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u1","title":"t"}}SECOND]}}]}""";
        var chunks = Chunks(Chunk.Replace("SECOND", ""), Chunk.Replace("SECOND", ""), Chunk.Replace("SECOND", ",{\"web\":{\"uri\":\"u2\"}}"));

        Assert.Equal([new CitationPart("u1", "t")], Assert.IsType<CitationsAdded>(chunks[0][^1]).Citations);
        Assert.Empty(chunks[1]);
        Assert.Equal([new CitationPart("u2")], Assert.IsType<CitationsAdded>(Assert.Single(chunks[2])).Citations);
    }

    [Fact]
    public void Thoughts_on_both_sides_of_an_answer_are_two_blocks()
    {
        var events = Stream("""{"candidates":[{"content":{"parts":[{"text":"a","thought":true},{"text":"b"},{"text":"c","thought":true},"""
            + """{"text":"d","thought":true,"thoughtSignature":"S"},{"text":"e","thought":true}]}}]}""");

        Assert.Equal([0, 1, 1, 2], events.OfType<ReasoningDelta>().Select(delta => delta.Block!.Index!.Value));
        Assert.Equal("S", events.OfType<ReasoningDelta>().ElementAt(2).Block!.Signature);
    }

    [Fact]
    public void Log_probabilities_without_text_are_not_lost()
    {
        var events = Stream("""{"candidates":[{"logprobsResult":{"chosenCandidates":[{"token":"x","logProbability":-1}]}}]}""");

        Assert.Equal("""{"content":[{"token":"x","logprob":-1,"bytes":[120],"top_logprobs":[]}],"refusal":null}""",
            Assert.IsType<TextDelta>(events[^1]).Logprobs!.Value.GetRawText());
    }

    [Theory]
    [InlineData("", "0")]
    [InlineData(",\"logProbability\":-0.5", "-0.5")]
    [InlineData(",\"logProbability\":\"-Infinity\"", "-9999")]
    [InlineData(",\"logProbability\":-1e999", "-9999")]
    public void Log_probability_is_always_a_number(string told, string expected)
    {
        var events = Stream("""{"candidates":[{"logprobsResult":{"chosenCandidates":[{"token":"x"TOLD}]}}]}""".Replace("TOLD", told));

        Assert.Contains($"\"logprob\":{expected},", Assert.IsType<TextDelta>(events[^1]).Logprobs!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[DONE]")]
    [InlineData("{")]
    [InlineData("3")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("""{"candidates":{}}""")]
    [InlineData("""{"candidates":[3]}""")]
    [InlineData("""{"candidates":[{"index":128}]}""")]
    [InlineData("""{"candidates":[{"index":99999999999}]}""")]
    [InlineData("""{"candidates":[{"content":[]}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":{}}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":["x"]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":1}]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"\ud83d"}]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"args":{}}}]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":[]}}]}}]}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png"}}]}}]}""")]
    [InlineData("""{"candidates":[{"finishReason":5}]}""")]
    [InlineData("""{"candidates":[{"logprobsResult":{"chosenCandidates":[1]}}]}""")]
    [InlineData("""{"\ud83d":1}""")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"executableCode":{"code":"\ud83d"}}]}}]}""")]
    [InlineData("""{"usageMetadata":{"promptTokensDetails":[{"modality":"\ud83dUDIO"}]}}""")]
    [InlineData("""{"error":"text"}""")]
    [InlineData("""{"usageMetadata":[]}""")]
    public void Malformed_chunk_is_a_format_error(string chunk) => Assert.Throws<UpstreamFormatException>(() => Stream(chunk));

    [Fact]
    public void Nesting_beyond_what_json_readers_take_is_a_format_error() =>
        Assert.Throws<UpstreamFormatException>(() => Stream("{\"candidates\":" + new string('[', 100_000)));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"candidates":null,"usageMetadata":null,"promptFeedback":null,"error":null,"brandNew":{"x":[1]}}""")]
    public void Absent_null_and_unknown_members_are_skipped(string chunk) => Assert.Equal([new ResponseStarted(null, null)], Stream(chunk));

    /// <summary>Cuts and flips bytes of real chunks: whatever comes, the reader answers with events or a format error, nothing else.</summary>
    [Fact]
    public void Damaged_chunks_never_break_the_reader()
    {
        var random = new Random(20261120);
        var chunks = Fixture("text.sse").Split('\n').Concat(Fixture("calls.sse").Split('\n')).Where(line => line.Length > 6).Select(line => line[6..]);
        var sources = chunks.Append(Fixture("media.json")).Append(Fixture("logprobs.json")).Append(Fixture("error-429.json")).Select(Bytes).ToArray();
        var rejected = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var chunk = (byte[])sources[random.Next(sources.Length)].Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--) chunk[random.Next(chunk.Length)] = (byte)random.Next(256);
            try
            {
                new GeminiWire().CreateStreamReader(GeminiTarget.GoogleAiStudio)
                    .Read(default, chunk.AsMemory(0, random.Next(8) == 0 ? random.Next(chunk.Length) : chunk.Length), []);
            }
            catch (UpstreamFormatException)
            {
                rejected++;
            }
        }
        Assert.InRange(rejected, 250, 4_999);
    }
}
