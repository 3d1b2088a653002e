using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Gemini.Caller.Streaming;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Conversation;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>Answers of every wire in Gemini's shape: whole, streamed, and the same both ways.</summary>
public sealed class GeminiCallerAnswerTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Anthropic => ["text.sse", "thinking.sse", "tools.sse", "web-search.sse", "newer-api.sse"];

    public static TheoryData<string> Gemini => ["text.sse", "calls.sse", "two-candidates.sse"];

    [Fact]
    public void Whole_answer_has_its_parts_in_order()
    {
        var answer = Answer(FinishReason.ToolCalls, "tool_calls",
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "s", Format = ReasoningFormats.Gemini },
            new TextPart("It is "), new CitationPart("https://x", "X", "cited"), new TextPart("fine."),
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "t", Format = ReasoningFormats.Gemini },
            new ToolCallPart("c1", "f", "{\"a\": [1, 2]}") { Signature = "c" }, new ToolCallPart("c2", "g", "{broken"),
            new ImagePart("data:image/png;base64,AA=="), new ImagePart("https://x/a.png"),
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Format = ReasoningFormats.Anthropic });

        var mark = Convert.ToBase64String("data:edgerouter.anthropic-claude-v1..d"u8);
        Assert.Equal("""
            {"candidates":[{"content":{"parts":[{"text":"Hm","thought":true,"thoughtSignature":"s"},{"text":"It is "},{"text":"fine.","thoughtSignature":"t"},
            {"functionCall":{"id":"c1","name":"f","args":{"a":[1,2]}},"thoughtSignature":"c"},
            {"functionCall":{"id":"c2","name":"g","args":{"INVALID_JSON":"{broken"}}},
            {"inlineData":{"mimeType":"image/png","data":"AA=="}},{"fileData":{"fileUri":"https://x/a.png"}},
            {"text":"","thought":true,"thoughtSignature":"MARK"}],"role":"model"},"finishReason":"STOP","index":0,
            "groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://x","title":"X"}}]}}],
            "modelVersion":"acme/one","responseId":"gen-1760000000-AAabc","provider":"Alpha",
            "usageMetadata":{"promptTokenCount":19,"candidatesTokenCount":3,"totalTokenCount":22,
            "cost":0.0000255,"is_byok":false,"cost_details":{"upstream_inference_cost":0.0000255,"upstream_inference_prompt_cost":0.0000195,
            "upstream_inference_completions_cost":0.000006}},
            "openrouter_metadata":{"requested":"acme/one","summary":"\"é\""}}
            """.ReplaceLineEndings("").Replace("MARK", mark, StringComparison.Ordinal), Whole(answer));
    }

    [Fact]
    public void Usage_has_Googles_counts()
    {
        var usage = new TokenUsage { Input = 10, CacheRead = 20, InputImage = 5, InputAudio = 7, Output = 30, Reasoning = 12, OutputImage = 9 };

        Assert.Equal("""
            ,"usageMetadata":{"promptTokenCount":42,"cachedContentTokenCount":20,"candidatesTokenCount":39,"thoughtsTokenCount":12,"totalTokenCount":93,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":30},{"modality":"AUDIO","tokenCount":7},{"modality":"IMAGE","tokenCount":5}],
            "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":30},{"modality":"IMAGE","tokenCount":9}]}
            """.ReplaceLineEndings(""), Samples.Text(output => GeminiUsageWriter.WriteMember(UsageReport.Unknown with { Usage = usage }, output)));
    }

    [Fact]
    public void Unknown_usage_is_left_out() => Assert.Empty(Samples.Text(output => GeminiUsageWriter.WriteMember(UsageReport.Unknown, output)));

    [Theory]
    [InlineData("Stop", null, false, "STOP")]
    [InlineData("ToolCalls", "tool_use", false, "STOP")]
    [InlineData("Length", "length", false, "MAX_TOKENS")]
    [InlineData("ContentFilter", null, false, "SAFETY")]
    [InlineData("ContentFilter", "RECITATION", false, "RECITATION")]
    [InlineData("Error", "MALFORMED_FUNCTION_CALL", false, "MALFORMED_FUNCTION_CALL")]
    [InlineData("Error", "insufficient_system_resource", false, "OTHER")]
    [InlineData("Stop", null, true, "SAFETY")]
    [InlineData("", null, false, "STOP")]
    public void Every_candidate_has_a_reason(string reason, string? native, bool refuses, string word) =>
        Assert.Equal(word, GeminiReasons.Of(reason.Length == 0 ? null : Enum.Parse<FinishReason>(reason), native, refuses));

    [Fact]
    public void Log_probabilities_are_in_Googles_shape()
    {
        var choice = Answer(FinishReason.Stop, "stop", new TextPart("Hi")).Choices[0] with
        {
            Logprobs = JsonElement.Parse("""
                {"content":[{"token":"Hi","logprob":-0.5,"bytes":[72],"top_logprobs":[{"token":"Hi","logprob":-0.5},{"token":"Ho","logprob":-1}]}]}
                """),
        };

        var candidate = JsonNode.Parse(Whole(new ChatResponse { Choices = [choice] }))!["candidates"]![0]!;

        Assert.Equal("""
            {"chosenCandidates":[{"token":"Hi","logProbability":-0.5}],
            "topCandidates":[{"candidates":[{"token":"Hi","logProbability":-0.5},{"token":"Ho","logProbability":-1}]}]}
            """.ReplaceLineEndings(""), candidate["logprobsResult"]!.ToJsonString());
    }

    [Theory, MemberData(nameof(Anthropic))]
    public void Stream_of_Anthropic_joins_to_the_whole_answer(string name) => Same(AnthropicStreams.ReadFixture(name));

    [Theory, MemberData(nameof(Gemini))]
    public void Stream_of_Gemini_joins_to_the_whole_answer(string name) => Same(GeminiAnswers.StreamFixture(name));

    [Fact]
    public void Streams_of_OpenAI_join_to_the_whole_answers()
    {
        var played = 0;
        foreach (string name in StreamCorpus.Names.Select(row => row.Data))
        {
            var events = new List<StreamEvent>();
            var reader = Samples.Wire.CreateStreamReader(Samples.Provider());
            using var frames = new Dialects.Sse.SseReader();
            frames.Append(StreamCorpus.Read(name));
            frames.Complete();
            try
            {
                while (frames.TryRead(out var frame)) reader.Read(frame.Name, frame.Data, events);
            }
            catch (UpstreamFormatException)
            {
                continue;
            }
            if (!events.Contains(StreamCompleted.Instance) || events.Any(one => one is StreamFailed)) continue;
            // A character in two halves: JSON carries it, and JavaScript joins it, but this test's reader refuses each half.
            if (events.OfType<TextDelta>().Any(delta => delta.Text.Length > 0 && char.IsHighSurrogate(delta.Text[^1]))) continue;
            // Of log probabilities and speech a whole answer of this kind is put together by another rule.
            if (events.Any(one => one is TextDelta { Logprobs: not null } or ExtensionDelta)) continue;
            Same(events);
            played++;
        }
        Assert.True(played > 20, $"only {played} streams were whole");
    }

    [Fact]
    public void Any_stream_joins_to_the_whole_answer()
    {
        var random = new Random(20261130);
        for (var round = 0; round < 500; round++)
        {
            var events = GeminiGeneratedStreams.Next(random);
            PartStreams.CheckContract(events);
            Same(events);
            Same(events, Header with { ExcludeReasoning = true });
        }
    }

    [Fact]
    public void Array_holds_the_same_pieces()
    {
        var events = GeminiAnswers.StreamFixture("calls.sse");

        var array = JsonNode.Parse(Stream(events, Header, isArray: true))!.AsArray();

        Assert.Equal(Pieces(Stream(events, Header)).Select(piece => piece.ToJsonString()), array.Select(piece => piece!.ToJsonString()));
        Assert.True(array.Count > 2);
    }

    [Fact]
    public void Piece_has_one_part_and_only_the_last_has_reason_and_usage()
    {
        var pieces = Pieces(Stream(GeminiAnswers.StreamFixture("text.sse"), Header));

        Assert.All(pieces.SkipLast(1), piece =>
        {
            Assert.Null(piece["candidates"]![0]!["finishReason"]);
            Assert.Null(piece["usageMetadata"]);
            Assert.Single(piece["candidates"]![0]!["content"]!["parts"]!.AsArray());
        });
        Assert.Equal(("STOP", 22), ((string?)pieces[^1]["candidates"]![0]!["finishReason"], (int)pieces[^1]["usageMetadata"]!["totalTokenCount"]!));
    }

    [Fact]
    public void Call_is_written_whole_when_its_arguments_are_complete()
    {
        var writer = new GeminiStreamWriter(Header, isArray: false);
        string Write(StreamEvent one) => Samples.Text(output => writer.Write(one, output));

        Assert.Empty(Write(new PartStarted(0, 0, new ToolCallPart("c", "f", ""))));
        Assert.Empty(Write(new ToolCallDelta(0, 0, "{\"a\"")));
        Assert.Empty(Write(new ToolCallDelta(0, 0, ":1}") { Signature = "s" }));
        Assert.Contains("{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{\"a\":1}},\"thoughtSignature\":\"s\"}", Write(new PartEnded(0, 0)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_without_end_break_the_stream()
    {
        var writer = new GeminiStreamWriter(Header, isArray: false);
        var piece = new ToolCallDelta(0, 0, new string('x', 1024 * 1024));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        writer.Write(new PartStarted(0, 0, new ToolCallPart("c", "f", "")), output);
        for (var i = 0; i < 8; i++) writer.Write(piece, output);

        Assert.Throws<UpstreamFormatException>(() => writer.Write(piece, output));
    }

    [Fact]
    public void Names_of_members_without_end_break_the_stream()
    {
        var writer = new GeminiStreamWriter(Header, isArray: false);
        for (var i = 0; i < 7; i++) writer.Keep(0, NameOf(i), "1"u8);
        // The name is held already.
        writer.Keep(0, NameOf(0), "2"u8);

        Assert.Throws<UpstreamFormatException>(() => writer.Keep(0, NameOf(7), "1"u8));

        static string NameOf(int index) => new((char)('a' + index), 1024 * 1024);
    }

    [Fact]
    public void Speech_is_a_part_with_data()
    {
        var audio = new ExtensionDelta(0, "audio", JsonElement.Parse("{\"data\":\"AAAA\"}"));

        var part = Pieces(Stream([audio, new ChoiceFinished(0, FinishReason.Stop, null)], Header))[0]["candidates"]![0]!["content"]!["parts"]![0]!;

        Assert.Equal("{\"inlineData\":{\"mimeType\":\"audio/L16;codec=pcm;rate=24000\",\"data\":\"AAAA\"}}", part.ToJsonString());
    }

    [Theory]
    [InlineData(400, "INVALID_ARGUMENT")]
    [InlineData(401, "UNAUTHENTICATED")]
    [InlineData(402, "FAILED_PRECONDITION")]
    [InlineData(403, "PERMISSION_DENIED")]
    [InlineData(404, "NOT_FOUND")]
    [InlineData(405, "UNIMPLEMENTED")]
    [InlineData(408, "DEADLINE_EXCEEDED")]
    [InlineData(413, "INVALID_ARGUMENT")]
    [InlineData(422, "INVALID_ARGUMENT")]
    [InlineData(429, "RESOURCE_EXHAUSTED")]
    [InlineData(500, "INTERNAL")]
    [InlineData(502, "UNAVAILABLE")]
    [InlineData(503, "UNAVAILABLE")]
    [InlineData(504, "DEADLINE_EXCEEDED")]
    public void Error_has_Googles_word_for_its_status(int status, string word)
    {
        var error = new RouterError(status, ErrorTypes.Server, "It \"broke\".") { Field = "contents[0]", RetryAfter = TimeSpan.FromSeconds(2.5) };

        var body = JsonNode.Parse(Samples.Text(output => new GeminiCallerApi().WriteError(error, new JsonObject { ["a"] = 1 }, output)))!;

        Assert.Equal($$$"""
            {"error":{"code":{{{status}}},"message":"It \"broke\".","status":"{{{word}}}","details":[
            {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[0]","description":"It \"broke\"."}]},
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3s"}],"metadata":{"error_type":"server"}},"openrouter_metadata":{"a":1}}
            """.ReplaceLineEndings(""), body.ToJsonString(Relaxed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Broken_stream_ends_with_an_error_and_no_reason(bool isArray)
    {
        var writer = new GeminiStreamWriter(Header, isArray);
        var stream = Samples.Text(output =>
        {
            foreach (var one in GeminiAnswers.StreamFixture("text.sse").TakeWhile(one => one is not PartEnded)) writer.Write(one, output);
            writer.Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, "Broken."), Samples.Explained, output);
        });

        List<JsonNode> pieces = isArray ? [.. JsonNode.Parse(stream)!.AsArray().Select(piece => piece!)] : Pieces(stream);
        Assert.Equal((502, "UNAVAILABLE"), ((int)pieces[^1]["error"]!["code"]!, (string?)pieces[^1]["error"]!["status"]));
        Assert.Equal(19, (int)pieces[^1]["usageMetadata"]!["promptTokenCount"]!);
        Assert.DoesNotContain("finishReason", stream, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sse")]
    public void Error_behind_keep_alives_alone_is_readable(string? alt)
    {
        var api = new GeminiCallerApi().FormFor(new PathHead("a:streamGenerateContent", alt));
        var stream = Encoding.UTF8.GetString(api.KeepAlive)
            + Samples.Text(output => api.WriteStreamError(new RouterError(504, ErrorTypes.Timeout, "Late."), Header, UsageReport.Unknown, output));

        var piece = alt is null ? JsonNode.Parse(stream)!.AsArray().Single()! : Pieces(stream.TrimStart()).Single();

        Assert.Equal("DEADLINE_EXCEEDED", (string?)piece["error"]!["status"]);
    }

    [Fact]
    public void Echo_is_an_event_without_candidates()
    {
        var echo = Samples.Text(output => ((ICallerApi)new GeminiCallerApi()).WriteUpstreamBody(Header, "{ \"a\": [1] }"u8.ToArray(), output));

        Assert.Equal("""{"debug":{"echo_upstream_body":{"a":[1]}}}""", Pieces(echo).Single().ToJsonString());
    }

    private static ChatResponse Answer(FinishReason reason, string native, params ContentPart[] parts) => new()
    {
        Choices =
        [
            new ChatChoice
            {
                Index = 0,
                Message = new ChatMessage { Role = ChatRole.Assistant, Content = parts },
                FinishReason = reason,
                NativeFinishReason = native,
            },
        ],
    };

    private static string Whole(ChatResponse response, AnswerHeader? header = null) =>
        Samples.Text(output => GeminiResponseWriter.Write(response, header ?? Header, Samples.Explained, output));

    private static string Stream(IEnumerable<StreamEvent> events, AnswerHeader header, bool isArray = false) => Samples.Text(output =>
    {
        var writer = new GeminiStreamWriter(header, isArray);
        foreach (var one in events) writer.Write(one, output);
        writer.Complete(Samples.Explained, output);
    });

    private static void Same(IReadOnlyList<StreamEvent> events, AnswerHeader? header = null)
    {
        var whole = Merged(JsonNode.Parse(Whole(PartStreams.Join(events), header))!);
        var joined = Join(Pieces(Stream(events, header ?? Header)));
        Assert.True(JsonNode.DeepEquals(whole, joined), $"{whole}\n--- streamed:\n{joined}");
    }
}
