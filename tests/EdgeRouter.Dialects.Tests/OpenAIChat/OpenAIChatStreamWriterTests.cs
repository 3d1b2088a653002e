using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatStreamWriterTests
{
    private const string Head = """data: {"id":"gen-1760000000-AAabc","object":"chat.completion.chunk","created":1760000000"""
        + ""","model":"acme/one","provider":"Alpha","service_tier":null,"choices":[""";
    private const string Running = ""","finish_reason":null,"native_finish_reason":null,"logprobs":null}]}""" + "\n\n";

    public static TheoryData<StreamEvent, string> Events => new()
    {
        { new ChoiceStarted(0), """{"index":0,"delta":{"role":"assistant","content":""}""" },
        { new TextDelta(2, 0, "a\"\\\n\u0001é😀\ud83d"), "{\"index\":2,\"delta\":{\"content\":\"a\\\"\\\\\\n\\u0001é😀\\ud83d\"}" },
        { new TextDelta(0, 0, ""), """{"index":0,"delta":{"content":""}""" },
        { new ReasoningDelta(0, 0, "why", null),
            """{"index":0,"delta":{"reasoning":"why","reasoning_details":[{"type":"reasoning.text","text":"why","format":"unknown","index":0}]}""" },
        { new ReasoningDelta(0, 0, null,
            new ReasoningPart(ReasoningKind.Text) { Text = "t", Signature = "s", Id = "i", Format = ReasoningFormats.Anthropic, Index = 1 }),
            """{"index":0,"delta":{"reasoning":"t","reasoning_details":[{"type":"reasoning."""
                + """text","text":"t","signature":"s","id":"i","format":"anthropic-claude-v1","index":1}]}""" },
        { new ReasoningDelta(0, 0, null, new ReasoningPart(ReasoningKind.Encrypted) { Data = "d" }),
            """{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"d"}]}""" },
        { new ReasoningDelta(0, 0, "p", new ReasoningPart(ReasoningKind.Summary) { Text = "s" }),
            """{"index":0,"delta":{"reasoning":"p","reasoning_details":[{"type":"reasoning.summary","summary":"s"}]}""" },
        { new RefusalDelta(0, 0, "no"), """{"index":0,"delta":{"refusal":"no"}""" },
        { new PartStarted(0, 3, new ToolCallPart("id", "f", "{}")),
            """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"id","type":"function","function":{"name":"f","arguments":"{}"}}]}""" },
        { new PartStarted(0, 0, new ToolCallPart("id", "", "")),
            """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"id","type":"function","function":{"arguments":""}}]}""" },
        { new PartAdded(0, 0, new ImagePart("data:image/png;base64,AA")),
            """{"index":0,"delta":{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}""" },
        { new PartAdded(0, 0, new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Index = 2 }),
            """{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"d","index":2}]}""" },
        { new CitationsAdded(0, 0, [new CitationPart("u\"", "t", "c", 1, 2), new CitationPart("v")]),
            """{"index":0,"delta":{"annotations":[{"type":"url_citation","url_citation":{"url":"u\"","title":"t","content":"c","start_index":1"""
                + ""","end_index":2}},{"type":"url_citation","url_citation":{"url":"v"}}]}""" },
        { new ExtensionDelta(0, "au\"dio", JsonElement.Parse("{ \"a\" : [\n1 ] }")), """{"index":0,"delta":{"au\"dio":{"a":[1]}}""" },
    };

    [Theory, MemberData(nameof(Events))]
    public void Each_event_is_one_chunk(StreamEvent streamEvent, string choice) => Assert.Equal(Head + choice + Running, Write(Samples.Header, streamEvent));

    [Fact]
    public void Pieces_of_calls_are_told_by_the_number_of_the_call_not_of_the_part() => Assert.Equal(
        [
            """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}""",
            """{"index":1,"delta":{"tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"f","arguments":""}}]}""",
            """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c","type":"function","function":{"arguments":"1"}}]}""",
            """{"index":0,"delta":{"tool_calls":[{"index":0,"type":"function","function":{"arguments":"2"}}]}""",
            """{"index":0,"delta":{"tool_calls":[{"index":1,"type":"function","function":{"name":"g","arguments":"3"}}]}""",
        ],
        Write(Samples.Header,
            new PartStarted(0, 2, new ToolCallPart("a", "f", "")), new PartStarted(1, 2, new ToolCallPart("b", "f", "")),
            new PartStarted(0, 5, new ToolCallPart("c", "", "1")), new ToolCallDelta(0, 2, "2"), new ToolCallDelta(0, 5, "3") { Name = "g" },
            new PartEnded(0, 2), new PartEnded(0, 5))
            .Split(Running, StringSplitOptions.RemoveEmptyEntries).Select(chunk => chunk[Head.Length..]));

    [Fact]
    public void Extension_of_the_chunk_stands_beside_empty_choices() => Assert.Equal(
        Head + "],\"citations\":[\"a\"]}\n\n", Write(Samples.Header, new ExtensionDelta(null, "citations", JsonElement.Parse("[\"a\"]"))));

    [Theory]
    [InlineData(FinishReason.Stop, "stop")]
    [InlineData(FinishReason.Length, "length")]
    [InlineData(FinishReason.ToolCalls, "tool_calls")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    [InlineData(FinishReason.Error, "error")]
    public void Finish_has_both_words(FinishReason reason, string word) => Assert.Equal(
        Head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"" + word + "\",\"native_finish_reason\":\"x\\\"y\",\"logprobs\":null}]}\n\n",
        Write(Samples.Header, new ChoiceFinished(0, reason, "x\"y")));

    [Fact]
    public void Head_of_the_answer_is_in_every_later_chunk()
    {
        var written = Write(Samples.Header, new ResponseStarted("up", "m", "fp\"1", "standard"), new TextDelta(0, 0, "a"), new TextDelta(0, 0, "b"));

        Assert.Equal(2, written.Split("""
            "provider":"Alpha","system_fingerprint":"fp\"1","service_tier":"default","choices":[
            """.Trim()).Length - 1);
    }

    [Fact]
    public void Signature_of_a_tool_call_travels_in_reasoning_details()
    {
        var written = Write(Samples.Header, new PartStarted(0, 0, new ToolCallPart("call_1", "f", "{}")), new ToolCallDelta(0, 0, null) { Signature = "c2ln" });

        Assert.EndsWith(
            """{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"c2ln","id":"call_1","format":"google-gemini-v1"}]}""" + Running,
                written, StringComparison.Ordinal);
    }

    [Fact]
    public void Excluded_reasoning_is_not_told()
    {
        var header = Samples.Header with { ExcludeReasoning = true };

        Assert.Equal("", Write(header, new ReasoningDelta(0, 0, "secret", new ReasoningPart(ReasoningKind.Text) { Text = "secret" })));
        Assert.DoesNotContain("reasoning", Write(header, new PartStarted(0, 0, new ToolCallPart("c", "f", "{}") { Signature = "s" })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_completion_and_failure_write_nothing_by_themselves() => Assert.Equal(
        "", Write(Samples.Header, new UsageReported(new TokenUsage { Input = 1 }), new StreamFailed(new UpstreamError(500, null, null, null)),
            StreamCompleted.Instance));

    [Fact]
    public void Good_stream_ends_with_usage_and_DONE()
    {
        var written = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header).Complete(Samples.Priced, output));

        Assert.Equal(
            Head + """],"usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22,"cost":0.0000255,"is_byok":false"""
                + ""","cost_details":{"upstream_inference_cost":0.0000255,"upstream_inference_prompt_cost":0.0000195"""
                + ""","upstream_inference_completions_cost":0.000006}}}"""
            + "\n\ndata: [DONE]\n\n",
            written);
    }

    [Fact]
    public void Usage_that_nobody_knows_is_not_made_up()
    {
        var unknown = new UsageReport(default, null, default, default);

        Assert.Equal("data: [DONE]\n\n", Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header).Complete(unknown, output)));
    }

    [Fact]
    public void Router_metadata_go_out_with_the_usage_even_where_that_is_unknown()
    {
        const string Metadata = ",\"openrouter_metadata\":{\"requested\":\"acme/one\",\"summary\":\"\\\"é\\\"\"}}";
        var known = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header).Complete(Samples.Explained, output));
        var unknown = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header).Complete(Samples.Explained with { Usage = default }, output));
        var broken = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header)
            .Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, "Off."), Samples.Explained, output));

        Assert.EndsWith("}" + Metadata + "\n\ndata: [DONE]\n\n", known, StringComparison.Ordinal);
        Assert.Equal(Head + "]" + Metadata + "\n\ndata: [DONE]\n\n", unknown);
        Assert.EndsWith("}" + Metadata + "\n\n", broken, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_stream_ends_with_one_error_chunk_and_no_DONE()
    {
        var error = new RouterError(502, ErrorTypes.ProviderUnavailable, "Alpha broke off.");
        var known = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header).Fail(error, Samples.Priced, output));
        var unknown = Samples.Text(output => Samples.Request.CreateStreamWriter(Samples.Header)
            .Fail(error, new UsageReport(default, null, default, default), output));

        const string Expected = Head + """{"index":0,"delta":{"content":""},"finish_reason":"error","native_finish_reason":null,"logprobs":null}]"""
            + ""","error":{"code":502,"message":"Alpha broke off.","metadata":{"error_type":"provider_unavailable"}}""";
        Assert.StartsWith(Expected + ",\"usage\":{\"prompt_tokens\":19,", known, StringComparison.Ordinal);
        Assert.EndsWith("}}\n\n", known, StringComparison.Ordinal);
        Assert.Equal(Expected + "}\n\n", unknown);
    }

    private static string Write(AnswerHeader header, params StreamEvent[] events)
    {
        var writer = Samples.Request.CreateStreamWriter(header);
        return Samples.Text(output =>
        {
            foreach (var streamEvent in events) writer.Write(streamEvent, output);
        });
    }
}
