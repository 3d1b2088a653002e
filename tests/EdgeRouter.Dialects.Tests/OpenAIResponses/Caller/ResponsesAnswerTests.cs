using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Conversation;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.OpenAIResponses.Caller.ResponsesSamples;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses.Caller;

/// <summary>Answers of every wire as responses: whole, streamed, and the same both ways.</summary>
public sealed class ResponsesAnswerTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Anthropic => ["text.sse", "thinking.sse", "tools.sse", "web-search.sse", "newer-api.sse"];

    public static TheoryData<string> Gemini => ["text.sse", "calls.sse", "two-candidates.sse"];

    [Fact]
    public void Whole_answer_has_every_key_and_its_items_in_order()
    {
        var request = With("""
            "instructions":"Be brief.","temperature":0.5,"max_output_tokens":50,"metadata":{"a":"b"},"reasoning":{"effort":"low"},"user":"u",
            "tools":[{"type":"function","name":"f"}],"text":{"verbosity":"low"}
            """);
        var answer = Answer(FinishReason.ToolCalls,
            new ReasoningPart(ReasoningKind.Text) { Text = "Hm", Signature = "s", Format = ReasoningFormats.Anthropic },
            new TextPart("It is "), new CitationPart("https://x", "X", "cited", 1, 2), new TextPart("fine."),
            new ToolCallPart("c1", "f", "{\"a\": [1, 2]}"), new ToolCallPart("c2", "g", "{broken"));

        var whole = Whole(request, answer with { ServiceTier = "standard" });

        Assert.Equal("""
            {"id":"gen-1760000000-AAabc","object":"response","created_at":1760000000,"completed_at":1760000002,"status":"completed",
            "incomplete_details":null,"error":null,"model":"acme/one","provider":"Alpha","output":[
            {"type":"reasoning","id":"rs_gen-1760000000-AAabc_0","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}],
            "encrypted_content":"edgerouter.anthropic-claude-v1..text.s"},
            {"type":"message","id":"msg_gen-1760000000-AAabc_1","status":"completed","role":"assistant","content":[
            {"type":"output_text","text":"It is ","annotations":[
            {"type":"url_citation","url":"https://x","title":"X","start_index":1,"end_index":2,"content":"cited"}],"logprobs":[]},
            {"type":"output_text","text":"fine.","annotations":[],"logprobs":[]}]},
            {"type":"function_call","id":"fc_gen-1760000000-AAabc_2","status":"completed","call_id":"c1","name":"f","arguments":"{\"a\": [1, 2]}"},
            {"type":"function_call","id":"fc_gen-1760000000-AAabc_3","status":"completed","call_id":"c2","name":"g","arguments":"{broken"}],
            "usage":{"input_tokens":19,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":3,
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":22,"cost":0.0000255,"is_byok":false,
            "cost_details":{"upstream_inference_cost":0.0000255,"upstream_inference_input_cost":0.0000195,"upstream_inference_output_cost":0.000006}},
            "service_tier":"default","background":false,"store":false,"previous_response_id":null,"instructions":"Be brief.","max_output_tokens":50,
            "max_tool_calls":null,"temperature":0.5,"top_p":null,"top_logprobs":null,"presence_penalty":null,"frequency_penalty":null,
            "prompt_cache_key":null,"safety_identifier":null,"reasoning":{"effort":"low"},"metadata":{"a":"b"},"parallel_tool_calls":true,
            "tool_choice":"auto","truncation":"disabled","user":"u","text":{"format":{"type":"text"},"verbosity":"low"},
            "tools":[{"type":"function","name":"f","parameters":null,"strict":null}],"openrouter_metadata":{"requested":"acme/one","summary":"\"é\""}}
            """.ReplaceLineEndings(""), whole);
    }

    [Theory]
    [InlineData("Stop", "completed", null, "completed")]
    [InlineData("ToolCalls", "completed", null, "completed")]
    [InlineData("", "completed", null, "completed")]
    [InlineData("Length", "incomplete", "max_output_tokens", "incomplete")]
    [InlineData("ContentFilter", "incomplete", "content_filter", "incomplete")]
    [InlineData("Error", "failed", null, "completed")]
    public void Every_answer_has_a_status(string reason, string status, string? incomplete, string itemStatus)
    {
        FinishReason? finish = reason.Length == 0 ? null : Enum.Parse<FinishReason>(reason);

        var whole = JsonNode.Parse(Whole(With(""), Answer(finish, new TextPart("Hi"))))!;

        Assert.Equal((status, incomplete, itemStatus), ((string?)whole["status"], (string?)whole["incomplete_details"]?["reason"],
            (string?)whole["output"]![0]!["status"]));
        Assert.Equal(status == "failed", whole["error"] is not null);
        Assert.Equal(status == "completed", whole["completed_at"] is not null);
    }

    [Fact]
    public void Refusal_is_content_of_a_completed_message()
    {
        var whole = JsonNode.Parse(Whole(With(""), Answer(FinishReason.ContentFilter, new RefusalPart("No."))))!;

        Assert.Equal("completed", (string?)whole["status"]);
        Assert.Equal("""[{"type":"refusal","refusal":"No."}]""", whole["output"]![0]!["content"]!.ToJsonString());
    }

    [Fact]
    public void Call_that_was_cut_off_is_incomplete()
    {
        var whole = JsonNode.Parse(Whole(With(""), Answer(FinishReason.Length, new ToolCallPart("a", "f", "{}"), new ToolCallPart("b", "f", "{\"x"))))!;

        Assert.Equal(["completed", "incomplete"], whole["output"]!.AsArray().Select(item => (string)item!["status"]!));
    }

    [Fact]
    public void Calls_are_named_as_the_caller_named_the_tools()
    {
        var request = With("""
            "tools":[{"type":"custom","name":"patch"},{"type":"namespace","name":"files","tools":[{"type":"function","name":"read"}]}]
            """);
        var answer = Answer(FinishReason.ToolCalls, new ToolCallPart("a", "patch", "{\"input\": \"x \\\"y\\\"\\n\"}"),
            new ToolCallPart("b", "files__read", "{}"), new ToolCallPart("c", "patch", "no json"));

        var whole = JsonNode.Parse(Whole(request, answer))!["output"]!.AsArray();

        Assert.Equal(("custom_tool_call", "patch", "x \"y\"\n"), ((string?)whole[0]!["type"], (string?)whole[0]!["name"], (string?)whole[0]!["input"]));
        Assert.Equal(("function_call", "read", "files"), ((string?)whole[1]!["type"], (string?)whole[1]!["name"], (string?)whole[1]!["namespace"]));
        Assert.Equal("no json", (string?)whole[2]!["input"]);
    }

    [Fact]
    public void Long_names_in_namespaces_stay_apart_and_lead_back()
    {
        var space = new string('n', 60);
        var request = With($$"""
            "tools":[{"type":"namespace","name":"{{space}}","tools":[{"type":"function","name":"read_one"},{"type":"function","name":"read_two"}]}]
            """);
        var names = request.GetConversation().Tools.Select(tool => tool.Name).ToList();

        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.Equal(64, name.Length));
        var whole = JsonNode.Parse(Whole(request, Answer(FinishReason.ToolCalls, new ToolCallPart("a", names[1], "{}"))))!;
        Assert.Equal(("read_two", space), ((string?)whole["output"]![0]!["name"], (string?)whole["output"]![0]!["namespace"]));
    }

    [Fact]
    public void Thoughts_are_a_summary_where_one_was_asked_for()
    {
        var answer = Answer(FinishReason.Stop, new ReasoningPart(ReasoningKind.Plain) { Text = "Hm" }, new TextPart("Fine."));

        var item = JsonNode.Parse(Whole(With("\"reasoning\":{\"summary\":\"auto\"}"), answer))!["output"]![0]!;

        Assert.Equal("""[{"type":"summary_text","text":"Hm"}]""", item["summary"]!.ToJsonString());
        Assert.Null(item["content"]);
    }

    [Fact]
    public void Parts_of_one_reasoning_item_of_OpenAI_are_one_item_again()
    {
        static ReasoningPart Part(ReasoningKind kind, string id) => new(kind) { Format = ReasoningFormats.OpenAIResponses, Id = id };
        var whole = JsonNode.Parse(Whole(With(""), Answer(FinishReason.Stop, Part(ReasoningKind.Summary, "rs_1") with { Text = "A" },
            Part(ReasoningKind.Summary, "rs_1") with { Text = "B" }, Part(ReasoningKind.Encrypted, "rs_1") with { Data = "opaque" },
            Part(ReasoningKind.Encrypted, "rs_2") with { Data = "other" })))!;

        Assert.Equal("""
            [{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"A"},{"type":"summary_text","text":"B"}],"encrypted_content":"opaque"},
            {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"other"}]
            """.ReplaceLineEndings(""), whole["output"]!.ToJsonString());
    }

    [Fact]
    public void Images_are_items_and_images_by_URL_are_texts()
    {
        var whole = JsonNode.Parse(Whole(With(""), Answer(FinishReason.Stop, new ImagePart("data:image/png;base64,AA=="), new ImagePart("https://x/a.png"))))!;

        Assert.Equal(("image_generation_call", "AA==", "completed"), ((string?)whole["output"]![0]!["type"], (string?)whole["output"]![0]!["result"],
            (string?)whole["output"]![0]!["status"]));
        Assert.Equal("![image](https://x/a.png)", (string?)whole["output"]![1]!["content"]![0]!["text"]);
    }

    [Fact]
    public void Usage_has_OpenAIs_totals()
    {
        var usage = new TokenUsage { Input = 10, CacheRead = 20, CacheWrite5m = 5, Output = 30, Reasoning = 12, WebSearches = 2 };

        Assert.Equal("""
            {"input_tokens":35,"input_tokens_details":{"cached_tokens":20,"cache_write_tokens":5},"output_tokens":42,
            "output_tokens_details":{"reasoning_tokens":12},"total_tokens":77,"server_tool_use_details":{"web_search_requests":2}}
            """.ReplaceLineEndings(""), Samples.Text(output => ResponsesUsageWriter.Write(UsageReport.Unknown with { Usage = usage }, output)));
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
            Same(events, ignoresLogprobs: true);
            played++;
        }
        Assert.True(played > 20, $"only {played} streams were whole");
    }

    [Fact]
    public void Any_stream_joins_to_the_whole_answer()
    {
        var random = new Random(20261202);
        string[] requests =
            ["", "\"reasoning\":{\"summary\":\"auto\"}", "\"reasoning\":{\"exclude\":true}", "\"tools\":[{\"type\":\"custom\",\"name\":\"f\"}]"];
        for (var round = 0; round < 2000; round++)
        {
            var events = ResponsesGeneratedStreams.Next(random);
            PartStreams.CheckContract(events);
            var request = requests[round % requests.Length];
            Same(events, With(request), Header with { ExcludeReasoning = request.Contains("exclude", StringComparison.Ordinal) });
        }
    }

    [Fact]
    public void Broken_stream_ends_with_an_error_and_the_failed_response()
    {
        var writer = With("").CreateStreamWriter(Header);
        var stream = Samples.Text(output =>
        {
            foreach (var one in AnthropicStreams.ReadFixture("text.sse").TakeWhile(one => one is not PartEnded)) writer.Write(one, output);
            writer.Fail(new RouterError(429, ErrorTypes.RateLimitExceeded, "Slow \"down\"."), Samples.Explained, output);
        });

        var events = Events(stream);
        Assert.Equal(["error", "response.failed"], events[^2..].Select(one => (string)one["type"]!));
        Assert.Equal("""{"code":"rate_limit_exceeded","message":"Slow \"down\".","param":null}""", Shown(events[^2], "code", "message", "param"));
        var response = events[^1]["response"]!;
        Assert.Equal(("failed", "incomplete"), ((string?)response["status"], (string?)response["output"]![0]!["status"]));
        Assert.Equal("""{"code":"rate_limit_exceeded","message":"Slow \"down\"."}""", Shown(response["error"]!));
        Assert.Equal(19, (int)response["usage"]!["input_tokens"]!);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("response.completed", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_that_its_provider_broke_off_fails()
    {
        var events = Events(Stream([new PartStarted(0, 0, TextPart.Empty), new TextDelta(0, 0, "Hi"), new PartEnded(0, 0),
            new ChoiceFinished(0, FinishReason.Error, "error"), StreamCompleted.Instance], With(""), Header));

        Assert.Equal("response.failed", (string?)events[^1]["type"]);
    }

    [Fact]
    public void Stream_of_which_only_keep_alives_were_sent_can_fail()
    {
        var stream = Samples.Text(output => new ResponsesCallerApi().WriteStreamError(new RouterError(503, ErrorTypes.ProviderOverloaded, "Busy."), Header,
            UsageReport.Unknown, output));

        var events = Events(stream);
        Assert.Equal(["error", "response.failed"], events.Select(one => (string)one["type"]!));
        Assert.Equal("server_error", (string?)events[1]["response"]!["error"]!["code"]);
        Assert.Empty(events[1]["response"]!["tools"]!.AsArray());
    }

    [Fact]
    public void Whole_stream_ends_with_done() =>
        Assert.EndsWith("}\n\ndata: [DONE]\n\n", Stream(AnthropicStreams.ReadFixture("text.sse"), With(""), Header), StringComparison.Ordinal);

    [Fact]
    public void Error_has_OpenRouters_envelope_with_a_code_that_is_a_number()
    {
        var error = RouterError.InvalidField("input[0].content", "expected a string");

        var body = JsonNode.Parse(Samples.Text(output => new ResponsesCallerApi().WriteError(error, null, output)))!;

        Assert.Equal((400, "input[0].content: expected a string", "input[0].content"), ((int)body["error"]!["code"]!, (string?)body["error"]!["message"],
            (string?)body["error"]!["param"]));
    }

    [Fact]
    public void Keep_alive_is_a_comment_and_the_echo_an_event()
    {
        var api = new ResponsesCallerApi();
        var echo = Samples.Text(output => api.WriteUpstreamBody(Header, "{ \"a\": [1] }"u8.ToArray(), output));

        Assert.StartsWith(": ", Encoding.UTF8.GetString(api.KeepAlive), StringComparison.Ordinal);
        Assert.Equal("""{"type":"response.debug","sequence_number":0,"debug":{"echo_upstream_body":{"a":[1]}}}""", Events(echo).Single().ToJsonString());
    }

    [Fact]
    public void Answer_that_is_too_long_is_refused()
    {
        var writer = With("").CreateStreamWriter(Header);
        var piece = new string('x', 16 * 1024 * 1024);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        writer.Write(new PartStarted(0, 0, TextPart.Empty), output);
        for (var i = 0; i < ResponsesOutput.MostCharacters / piece.Length; i++)
        {
            writer.Write(new TextDelta(0, 0, piece), output);
            output.ResetWrittenCount();
        }

        Assert.Throws<UpstreamFormatException>(() => writer.Write(new TextDelta(0, 0, "y"), output));
        Assert.Equal(0, output.WrittenCount);
    }

    private static ChatResponse Answer(FinishReason? reason, params ContentPart[] parts) => new()
    {
        Choices = [new ChatChoice { Index = 0, Message = new ChatMessage { Role = ChatRole.Assistant, Content = parts }, FinishReason = reason }],
    };

    private static string Whole(ConversationRequest request, ChatResponse response, AnswerHeader? header = null) =>
        Samples.Text(output => request.WriteResponse(response, header ?? Header, Samples.Explained with { At = 1760000002 }, output));

    private static string Stream(IEnumerable<StreamEvent> events, ConversationRequest request, AnswerHeader header) => Samples.Text(output =>
    {
        var writer = request.CreateStreamWriter(header);
        foreach (var one in events) writer.Write(one, output);
        writer.Complete(Samples.Explained with { At = 1760000002 }, output);
    });

    private static void Same(IReadOnlyList<StreamEvent> events, ConversationRequest? request = null, AnswerHeader? header = null, bool ignoresLogprobs = false)
    {
        request ??= With("");
        var whole = JsonNode.Parse(Whole(request, PartStreams.Join(events), header))!;
        var joined = Join(Stream(events, request, header ?? Header));
        if (ignoresLogprobs)
            foreach (var answer in (JsonNode[])[whole, joined]) ForgetLogprobs(answer);
        Assert.True(JsonNode.DeepEquals(whole, joined), $"{whole}\n--- streamed:\n{joined}");
    }

    /// <summary>What joins a stream keeps those of its first piece only.</summary>
    private static void ForgetLogprobs(JsonNode response)
    {
        foreach (var item in response["output"]!.AsArray())
            foreach (var part in item!["content"]?.AsArray() ?? [])
                if (part!["logprobs"] is not null) part["logprobs"] = null;
    }

    private static string Shown(JsonNode node, params string[] names) => names.Length == 0 ? node.ToJsonString(Relaxed)
        : new JsonObject(names.Select(name => KeyValuePair.Create(name, node[name]?.DeepClone()))).ToJsonString(Relaxed);
}
