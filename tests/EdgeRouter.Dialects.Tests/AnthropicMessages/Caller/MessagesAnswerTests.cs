using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Streaming;
using EdgeRouter.Dialects.Tests.Conversation;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.Caller.MessagesSamples;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>Answers of every wire as messages: whole, streamed, and the same both ways.</summary>
public sealed class MessagesAnswerTests
{
    public static TheoryData<string> Anthropic => ["text.sse", "thinking.sse", "tools.sse", "web-search.sse", "newer-api.sse"];

    public static TheoryData<string> Gemini => ["text.sse", "calls.sse", "two-candidates.sse"];

    public static TheoryData<string, string> StopReasons => new()
    {
        { "Stop", "end_turn" }, { "Length", "max_tokens" }, { "ToolCalls", "tool_use" }, { "ContentFilter", "refusal" }, { "", "end_turn" },
    };

    [Fact]
    public void Whole_answer_has_every_key_and_its_blocks_in_order()
    {
        var answer = Answer(FinishReason.ToolCalls, "tool_calls",
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "s", Format = ReasoningFormats.Anthropic },
            new TextPart("It is "), new CitationPart("https://x", "X", "cited"), new TextPart("fine."),
            new ToolCallPart("c1", "f", "{\"a\": [1, 2]}"), new ToolCallPart("c2", "g", "{broken"),
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Format = ReasoningFormats.Anthropic });

        var message = Whole(answer with { ServiceTier = "default" });

        Assert.Equal("""
            {"id":"gen-1760000000-AAabc","type":"message","role":"assistant","model":"acme/one","provider":"Alpha","content":[
            {"type":"thinking","thinking":"Hm","signature":"s"},
            {"type":"text","text":"It is ","citations":[
            {"type":"web_search_result_location","url":"https://x","title":"X","cited_text":"cited","encrypted_index":""}]},
            {"type":"text","text":"fine.","citations":null},
            {"type":"tool_use","id":"c1","name":"f","input":{"a":[1,2]},"caller":{"type":"direct"}},
            {"type":"tool_use","id":"c2","name":"g","input":{"INVALID_JSON":"{broken"},"caller":{"type":"direct"}},
            {"type":"redacted_thinking","data":"d"}],
            "container":null,"stop_reason":"tool_use","stop_sequence":null,"stop_details":null,
            "usage":{"input_tokens":19,"output_tokens":3,"output_tokens_details":null,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,
            "cache_creation":null,"inference_geo":null,"server_tool_use":null,"service_tier":"standard",
            "cost":0.0000255,"is_byok":false,"cost_details":{"upstream_inference_cost":0.0000255,"upstream_inference_prompt_cost":0.0000195,
            "upstream_inference_completions_cost":0.000006}},
            "openrouter_metadata":{"requested":"acme/one","summary":"\"é\""}}
            """.ReplaceLineEndings(""), message);
    }

    [Fact]
    public void Usage_has_Anthropics_classes()
    {
        var usage = new TokenUsage { Input = 10, CacheRead = 20, CacheWrite5m = 5, CacheWrite1h = 7, Output = 30, Reasoning = 12, WebSearches = 2 };
        var written = JsonNode.Parse(Samples.Text(output => MessagesUsageWriter.Write(UsageReport.Unknown with { Usage = usage }, "priority", output)))!;

        Assert.Equal("""
            {"input_tokens":10,"output_tokens":42,"output_tokens_details":{"thinking_tokens":12},"cache_creation_input_tokens":12,"cache_read_input_tokens":20,
            "cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":7},"inference_geo":null,
            "server_tool_use":{"web_fetch_requests":0,"web_search_requests":2},"service_tier":"priority"}
            """.ReplaceLineEndings(""), written.ToJsonString());
    }

    [Theory, MemberData(nameof(StopReasons))]
    public void Every_answer_has_a_reason(string reason, string word)
    {
        FinishReason? finish = reason.Length == 0 ? null : Enum.Parse<FinishReason>(reason);
        Assert.Equal(word, MessagesStopReasons.Of(finish, "other", callsTools: false, refuses: false));
    }

    [Theory]
    [InlineData("pause_turn", true, false, "pause_turn")]
    [InlineData("stop", true, false, "tool_use")]
    [InlineData(null, false, true, "refusal")]
    public void Calls_refusals_and_Anthropics_own_words_are_told(string? native, bool calls, bool refuses, string word) =>
        Assert.Equal(word, MessagesStopReasons.Of(FinishReason.Stop, native, calls, refuses));

    [Fact]
    public void Stop_sequence_of_the_provider_is_told()
    {
        var events = AnthropicStreams.Read(AnthropicStreams.Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}""", """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":4}}""",
            """{"type":"message_stop"}""");

        var message = Join(Stream(events, Header));

        Assert.Equal(("stop_sequence", "END"), ((string?)message["stop_reason"], (string?)message["stop_sequence"]));
        Assert.Equal("END", PartStreams.Join(events).Choices[0].StopSequence);
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
            Same(events);
            played++;
        }
        Assert.True(played > 20, $"only {played} streams were whole");
    }

    [Fact]
    public void Hidden_thoughts_keep_their_signatures()
    {
        var events = AnthropicStreams.ReadFixture("thinking.sse");
        var hidden = Header with { ExcludeReasoning = true };

        var blocks = Join(Stream(events, hidden))["content"]!.AsArray();

        Assert.Equal("", (string?)blocks[0]!["thinking"]);
        Assert.NotEqual("", (string?)blocks[0]!["signature"]);
        Same(events, hidden);
    }

    [Fact]
    public void Signature_over_a_call_follows_it_and_leads_back_to_it()
    {
        var answer = Answer(FinishReason.ToolCalls, "STOP", new ToolCallPart("call-1", "f", "{}") { Signature = "sig.1" });

        var data = (string)JsonNode.Parse(Whole(answer))!["content"]![1]!["data"]!;

        Assert.Equal((ReasoningFormats.Gemini, "call-1", "sig.1"), MessagesThought.Origin.Read(data));
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(402, "billing_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(422, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(502, "api_error")]
    [InlineData(503, "overloaded_error")]
    [InlineData(504, "timeout_error")]
    public void Error_has_Anthropics_type_for_its_status(int status, string type)
    {
        var error = new RouterError(status, ErrorTypes.Server, "It \"broke\".") { Field = "messages[0]" };

        var body = JsonNode.Parse(Samples.Text(output => new MessagesCallerApi().WriteError(error, new JsonObject { ["a"] = 1 }, output)))!;

        Assert.Equal($$$"""
            {"type":"error","error":{"type":"{{{type}}}","message":"It \"broke\".","error_type":"server"},"request_id":null,"metadata":{"param":"messages[0]"},
            "openrouter_metadata":{"a":1}}
            """.ReplaceLineEndings(""), body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void Refused_thread_tells_the_client_to_send_the_whole_conversation()
    {
        var body = JsonNode.Parse(Samples.Text(output => new MessagesCallerApi().WriteError(RouterError.InvalidField("thread", "x"), null, output)))!;

        Assert.Equal("""{"error_code":"thread_unsupported_request","unsupported":["thread"]}""", body["error"]!["details"]!.ToJsonString());
    }

    [Fact]
    public void Broken_stream_ends_with_an_error_and_no_stop()
    {
        var writer = new MessagesStreamWriter(Header);
        var stream = Samples.Text(output =>
        {
            foreach (var one in AnthropicStreams.ReadFixture("text.sse").TakeWhile(one => one is not PartEnded)) writer.Write(one, output);
            writer.Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, "Broken."), Samples.Explained, output);
        });

        var events = Events(stream);
        Assert.Equal("error", (string?)events[^1]["type"]);
        Assert.Equal("api_error", (string?)events[^1]["error"]!["type"]);
        Assert.Equal(19, (int)events[^1]["usage"]!["input_tokens"]!);
        Assert.DoesNotContain(events, one => (string?)one["type"] is "message_delta" or "message_stop");
    }

    [Fact]
    public void Keep_alive_and_echo_are_events_that_clients_ignore()
    {
        var api = new MessagesCallerApi();
        var echo = Samples.Text(output => api.WriteUpstreamBody(Header, "{ \"a\": [1] }"u8.ToArray(), output));

        Assert.Equal("ping", (string?)Events(System.Text.Encoding.UTF8.GetString(api.KeepAlive)).Single()["type"]);
        Assert.Equal("""{"type":"ping","debug":{"echo_upstream_body":{"a":[1]}}}""", Events(echo).Single().ToJsonString());
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
        Samples.Text(output => MessagesResponseWriter.Write(response, header ?? Header, Samples.Explained, output));

    private static string Stream(IEnumerable<StreamEvent> events, AnswerHeader header) => Samples.Text(output =>
    {
        var writer = new MessagesStreamWriter(header);
        foreach (var one in events) writer.Write(one, output);
        writer.Complete(Samples.Explained, output);
    });

    private static void Same(IReadOnlyList<StreamEvent> events, AnswerHeader? header = null)
    {
        var stream = Stream(events, header ?? Header);
        var whole = JsonNode.Parse(Whole(PartStreams.Join(events), header))!;
        var joined = Join(stream);
        Assert.True(JsonNode.DeepEquals(whole, joined), $"{whole}\n--- streamed:\n{joined}");
        var kinds = Events(stream).Select(one => (string?)one["type"]).ToList();
        Assert.Equal("message_start", kinds[0]);
        Assert.Equal(["message_delta", "message_stop"], kinds[^2..]);
        Assert.Equal(kinds.Count(kind => kind == "content_block_start"), kinds.Count(kind => kind == "content_block_stop"));
    }
}
