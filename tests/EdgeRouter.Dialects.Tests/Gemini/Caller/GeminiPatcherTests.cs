using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Gemini.PassThrough;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Answers between a provider and a caller that both speak Gemini: as through the content model, and what that has no place for.</summary>
public sealed class GeminiPatcherTests
{
    private static readonly string[] Words = ["a", "word ", "é漢😀", "\"quoted\"\n", "h\\u00e9", "\\ud83d\\ude00", "tab\\tend\\/", ""];
    private static readonly string[] Streams = ["text.sse", "calls.sse", "two-candidates.sse", "truncated.sse", "error-midway.sse"];

    public static TheoryData<string, bool> Fixtures => new(Streams.SelectMany(name => (bool[])[false, true], (name, hides) => (name, hides)));

    [Theory, MemberData(nameof(Fixtures))]
    public void Stream_is_the_same_as_through_the_content_model_wherever_it_is_cut(string name, bool hidesThoughts)
    {
        var stream = Encoding.UTF8.GetBytes(GeminiAnswers.Fixture(name));
        var header = Header with { ExcludeReasoning = hidesThoughts };
        var expected = Samples.Play(Canonical(header), [stream]);

        for (var cut = 0; cut <= stream.Length; cut++)
            Same(expected, Samples.Play(new GeminiStreamPatcher(header, isArray: false, signed: null), [stream.AsMemory(0, cut), stream.AsMemory(cut)]));
        Assert.NotEmpty(expected.Output);
    }

    [Fact]
    public void Any_stream_is_the_same_as_through_the_content_model()
    {
        var random = new Random(20261130);
        long fast = 0;
        for (var round = 0; round < 400; round++)
        {
            var stream = Encoding.UTF8.GetBytes(Generate(random));
            var header = Header with { ExcludeReasoning = random.Next(2) == 0 };
            var patcher = new GeminiStreamPatcher(header, isArray: round % 2 == 0, signed: null);

            Same(Samples.Play(Canonical(header, round % 2 == 0), [stream]), Samples.Play(patcher, [stream]));
            fast += patcher.FastEvents;
        }
        Assert.True(fast > 50, $"only {fast} events were copied");
    }

    [Fact]
    public void Texts_are_copied_without_canonical_events()
    {
        var pieces = string.Concat(Enumerable.Range(0, 100).Select(i => Event($"{{\"text\":\"piece {i}\"}}")));
        var patcher = new GeminiStreamPatcher(Header, isArray: false, signed: null);

        var played = Samples.Play(patcher, [Encoding.UTF8.GetBytes(pieces + Event("{\"text\":\"\"}", ",\"finishReason\":\"STOP\""))]);

        Assert.Equal((99, 2), (patcher.FastEvents, patcher.FallbackEvents));
        Assert.Equal(101, Pieces(played.Output).Count);
    }

    [Fact]
    public void Exchange_with_a_provider_of_this_format_is_passed_through()
    {
        var exchange = With("").CreateExchange(new GeminiWire(), Google());

        Assert.IsType<GeminiStreamPatcher>(exchange.CreateStreamTranscoder(Header, null));
        Assert.IsType<GeminiResponsePatcher>(exchange.CreateResponseTranscoder(Header, null));
    }

    [Theory]
    [InlineData("text.json", false)]
    [InlineData("text.json", true)]
    [InlineData("calls.json", false)]
    [InlineData("calls.json", true)]
    public void Whole_answer_is_the_same_as_through_the_content_model(string name, bool hidesThoughts)
    {
        var header = Header with { ExcludeReasoning = hidesThoughts };

        SameWhole(WithoutUncarried(GeminiAnswers.Fixture(name)), header);
    }

    [Fact]
    public void Any_whole_answer_is_the_same_as_through_the_content_model()
    {
        var random = new Random(20261201);
        for (var round = 0; round < 400; round++)
        {
            var parts = string.Join(',', Enumerable.Range(0, random.Next(7)).Select(_ => Part(random)));
            SameWhole(Answer(parts, ",\"finishReason\":\"STOP\""), Header with { ExcludeReasoning = random.Next(2) == 0 });
        }
    }

    [Fact]
    public void Refused_prompt_is_the_same_as_through_the_content_model() =>
        SameWhole("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":3}}", Header);

    [Fact]
    public void Whole_answer_keeps_what_the_content_model_has_no_place_for()
    {
        var body = Answer("{\"text\":\"a\"},{\"executableCode\":{\"code\":\"1\"}},{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\"}},"
            + "{\"toolCall\":{\"id\":\"t\"}},{\"text\":\"b\"}", ",\"finishReason\":\"STOP\",\"groundingMetadata\":{\"webSearchQueries\":[\"q\"]},"
            + "\"urlContextMetadata\":{\"x\":[1]},\"safetyRatings\":[]");

        var candidate = JsonNode.Parse(Whole(new GeminiResponsePatcher(Header, null), body))!["candidates"]![0]!;

        Assert.Equal(["text", "executableCode", "codeExecutionResult", "toolCall", "text"],
            candidate["content"]!["parts"]!.AsArray().Select(part => part!.AsObject().Single().Key));
        Assert.Equal("{\"webSearchQueries\":[\"q\"]}", candidate["groundingMetadata"]!.ToJsonString());
        Assert.Equal("{\"x\":[1]}", candidate["urlContextMetadata"]!.ToJsonString());
    }

    [Fact]
    public void Stream_keeps_what_the_content_model_has_no_place_for()
    {
        var stream = Event("{\"text\":\"a\"}") + Event("{\"executableCode\":{\"code\":\"1\"}}")
            + Event("{\"text\":\"b\"},{\"toolCall\":{\"id\":\"t\"}},{\"text\":\"c\"}")
            + Event("{\"text\":\"\"}", ",\"groundingMetadata\":{\"groundingChunks\":[]}")
            + Event("{\"text\":\"d\"}", ",\"finishReason\":\"STOP\",\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://x\"}}],\"x\":1}");

        var answer = Join(Pieces(Samples.Play(new GeminiStreamPatcher(Header, isArray: false, signed: null), [Encoding.UTF8.GetBytes(stream)]).Output));

        var candidate = answer["candidates"]![0]!;
        Assert.Equal("""[{"text":"a"},{"executableCode":{"code":"1"}},{"text":"b"},{"toolCall":{"id":"t"}},{"text":"cd"}]""",
            candidate["content"]!["parts"]!.ToJsonString());
        Assert.Equal(1, (int)candidate["groundingMetadata"]!["x"]!);
        Assert.Single(candidate["groundingMetadata"]!["groundingChunks"]!.AsArray());
    }

    [Fact]
    public void Members_that_the_router_does_not_know_are_kept_in_their_order_up_to_a_bound()
    {
        var most = string.Concat(Enumerable.Range(0, 32).Select(i => $",\"x{31 - i}\":{i}"));

        var kept = Play(Event("{\"text\":\"a\"}", most) + Event("{\"text\":\"b\"}", most + ",\"finishReason\":\"STOP\""));
        var broken = Play(Event("{\"text\":\"a\"}", most) + Event("{\"text\":\"b\"}", ",\"y\":1"));

        Assert.Null(kept.Fault);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"x{31 - i}"),
            Pieces(kept.Output)[^1]["candidates"]![0]!.AsObject().Select(member => member.Key).Where(name => name.StartsWith('x')));
        Assert.Equal("A candidate has more than 32 members that the router does not know.", broken.Fault);

        static Samples.Played Play(string stream) =>
            Samples.Play(new GeminiStreamPatcher(Header, isArray: false, signed: null), [Encoding.UTF8.GetBytes(stream)]);
    }

    [Theory]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\",\"text\":\"b\"}]},\"index\":0}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"},{\"text\":\"b\"}]},\"index\":0}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\",\"thoughtSignature\":\"s\"}]},\"index\":0}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\\ud83d\"}]},\"index\":0}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"index\":0}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}],\"error\":{}}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}},{\"content\":{\"parts\":[]}}]}")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]} x")]
    [InlineData("{\"candidates\":[]}")]
    [InlineData("[1]")]
    [InlineData("{")]
    public void Event_that_needs_a_closer_look_is_not_copied(string data) => Assert.Null(GeminiCopiedText.Find(Encoding.UTF8.GetBytes(data)));

    private static CanonicalStreamTranscoder Canonical(AnswerHeader header, bool isArray = false) =>
        new(new GeminiWire().CreateStreamReader(GeminiTarget.GoogleAiStudio), new Dialects.Gemini.Caller.Streaming.GeminiStreamWriter(header, isArray));

    private static void Same(Samples.Played expected, Samples.Played actual)
    {
        Assert.Equal(expected.Output, actual.Output);
        Assert.Equal(expected.Summary, actual.Summary);
    }

    private static void SameWhole(string body, AnswerHeader header)
    {
        var canonical = new CanonicalResponseTranscoder(new GeminiWire(), GeminiTarget.GoogleAiStudio, With(""), header);

        Assert.Equal(Whole(canonical, body), Whole(new GeminiResponsePatcher(header, null), body));
    }

    private static string WithoutUncarried(string body)
    {
        var answer = JsonNode.Parse(body)!;
        foreach (var candidate in answer["candidates"]!.AsArray())
            foreach (var name in candidate!.AsObject().Select(member => member.Key).Where(GeminiUncarried.IsMember).ToList()) candidate.AsObject().Remove(name);
        return answer.ToJsonString();
    }

    private static string Whole(IResponseTranscoder transcoder, string body)
    {
        transcoder.Read(Encoding.UTF8.GetBytes(body), new StreamProgress());
        return Samples.Text(output => transcoder.Write(Samples.Explained, output));
    }

    private static string Generate(Random random)
    {
        var stream = new StringBuilder();
        for (var i = random.Next(8); i > 0; i--)
        {
            var parts = string.Join(',', Enumerable.Range(0, random.Next(6) == 0 ? 2 : 1).Select(_ => Part(random)));
            stream.Append(Event(parts, index: random.Next(8) == 0 ? 1 : 0));
        }
        for (var index = 0; index < 2; index++) stream.Append(Event("{\"text\":\"end\"}", ",\"finishReason\":\"STOP\"", index));
        return stream.ToString();
    }

    private static string Part(Random random)
    {
        var text = Words[random.Next(Words.Length)].Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return random.Next(9) switch
        {
            0 => $"{{\"text\":\"{text}\",\"thought\":true}}",
            1 => $"{{\"text\":\"{text}\",\"thought\":true,\"thoughtSignature\":\"c2ln\"}}",
            2 => $"{{\"text\":\"{text}\",\"thoughtSignature\":\"c2ln\"}}",
            3 => "{\"functionCall\":{\"name\":\"f\",\"args\":{\"n\": 1}},\"thoughtSignature\":\"c2ln\"}",
            4 => "{\"functionCall\":{\"id\":\"c\",\"name\":\"f\"}}",
            _ => $"{{\"text\":\"{text}\"}}",
        };
    }

    private static string Event(string parts, string more = "", int index = 0) => $"data: {Answer(parts, more, index)}\r\n\r\n";

    private static string Answer(string parts, string more = "", int index = 0) =>
        $"{{\"candidates\":[{{\"content\":{{\"parts\":[{parts}],\"role\":\"model\"}}{more},\"index\":{index}}}],"
        + "\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":2,\"totalTokenCount\":7},\"modelVersion\":\"m\",\"responseId\":\"r\"}";
}
