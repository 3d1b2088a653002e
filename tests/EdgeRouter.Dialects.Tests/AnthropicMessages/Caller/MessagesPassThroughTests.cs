using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.PassThrough;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.Caller.MessagesSamples;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>The fast path between equal formats: it is taken, it writes what the canonical path writes, and it passes what only this format has.</summary>
public sealed class MessagesPassThroughTests
{
    private const RequestParameters Budgets = (RequestParameters)ulong.MaxValue;
    private const string Loop = """
        "system":"Be brief.","messages":[{"role":"user","content":"Weather?"},
        {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"sig"},{"type":"text","text":"I look."},
          {"type":"tool_use","id":"c1","name":"f","input":{"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":true,"content":[{"type":"text","text":"no"}],
          "cache_control":{"type":"ephemeral"}},{"type":"text","text":"Again."}]}],
        "tools":[{"name":"f","description":"F","input_schema":{"type":"object","properties":{}},"cache_control":{"type":"ephemeral","ttl":"1h"}}]
        """;

    public static TheoryData<string> Bodies =>
    [
        "", "\"max_tokens\":100,\"temperature\":0.5,\"top_k\":3,\"stop_sequences\":[\"x\"]", Loop,
        "\"max_tokens\":3000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", "\"thinking\":{\"type\":\"disabled\"}",
        Loop + ",\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\",\"disable_parallel_tool_use\":true}",
        "\"output_config\":{\"effort\":\"low\",\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}",
        "\"metadata\":{\"user_id\":\"someone\"},\"service_tier\":\"auto\",\"provider\":{\"sort\":\"price\"},\"models\":[\"acme/two\"],\"session_id\":\"s\"",
        "\"user\":\"someone\",\"speed\":\"standard\",\"trace\":{\"trace_id\":\"t\"},\"fallbacks\":[{\"model\":\"acme/two\"}]",
        """
        "messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","source":{"type":"url","url":"https://x/a.png"}},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},
        {"type":"document","title":"T","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}}]}]
        """,
        "\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\",\"cache_control\":{\"type\":\"ephemeral\"}}],\"stream\":false",
    ];

    public static TheoryData<string> Streams => ["text.sse", "thinking.sse", "tools.sse", "overloaded.sse"];

    [Theory, MemberData(nameof(Bodies))]
    public async Task Spliced_body_asks_for_what_the_canonical_one_asks_for(string members)
    {
        const RequestParameters Several = RequestParameters.CacheControl | RequestParameters.User | RequestParameters.Tools;
        foreach (var refused in (RequestParameters[])[RequestParameters.None, Several])
        {
            var endpoint = Endpoint(WireNames.AnthropicMessages, Budgets, refused, limit: 8000);
            var request = With(members);

            var (spliced, dropped) = await SendAsync(request, endpoint);

            var names = new List<string>();
            var canonical = await CanonicalAsync(request, endpoint, names);
            Assert.Equal(Describe(Read(canonical).GetConversation()), Describe(Read(spliced.ToJsonString()).GetConversation()));
            Assert.Equal(names.Order(StringComparer.Ordinal), dropped.Order(StringComparer.Ordinal));
            foreach (var name in (string[])["provider", "models", "session_id", "trace", "fallbacks", "user", "speed"]) Assert.Null(spliced[name]);
            Assert.Equal("one-v1", (string?)spliced["model"]);
        }
    }

    [Fact]
    public async Task Same_format_is_spliced_and_patched_without_the_content_model()
    {
        var request = With("\"top_p\":0.5,\"x_own\":{\"deep\":[1]},\"context_management\":{\"edits\":[]}");
        var exchange = request.CreateExchange(ByWire[WireNames.AnthropicMessages], Endpoint(WireNames.AnthropicMessages));
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        await exchange.WriteRequestAsync(output, [], NoMedia.Instance, TestContext.Current.CancellationToken);

        Assert.Equal("messages", exchange.Path);
        Assert.Equal("{\"model\":\"one-v1\",\"max_tokens\":4096," + Hello + ",\"top_p\":0.5,\"x_own\":{\"deep\":[1]},\"context_management\":{\"edits\":[]}}",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.IsType<MessagesStreamPatcher>(exchange.CreateStreamTranscoder(Header, null));
        Assert.IsType<MessagesResponsePatcher>(exchange.CreateResponseTranscoder(Header, null));
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", false)]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", true)]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"system\",\"content\":\"y\"}]", false)]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"T\"}]},"
        + "{\"role\":\"user\",\"content\":\"y\"}]", false)]
    public async Task What_must_be_translated_goes_through_the_content_model(string members, bool takesEffortOnly)
    {
        var supported = takesEffortOnly ? Budgets & ~RequestParameters.Temperature : Budgets;

        var (body, _) = await SendAsync(With(members), Endpoint(WireNames.AnthropicMessages, supported, limit: 8000));

        Assert.Null(body["messages"]!.AsArray().FirstOrDefault(turn => (string?)turn!["role"] == "system"));
        Assert.DoesNotContain("\"thinking\":\"T\"", body.ToJsonString(), StringComparison.Ordinal);
        if (body["thinking"] is { } thinking) Assert.Equal(takesEffortOnly ? "adaptive" : "enabled", (string?)thinking["type"]);
    }

    [Fact]
    public async Task Signature_of_another_provider_never_reaches_this_one()
    {
        const string Foreign = "edgerouter.google-gemini-v1.YQ.secret";
        var (body, _) = await SendAsync(With($$"""
            "messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"redacted_thinking","data":"{{Foreign}}"},
            {"type":"text","text":"y"}]},{"role":"user","content":"z"}]
            """), Endpoint(WireNames.AnthropicMessages));

        Assert.DoesNotContain("secret", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_tools_and_their_blocks_pass_as_they_are()
    {
        const string Members = """
            "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3}],"messages":[{"role":"user","content":"x"},
            {"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},
            {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","url":"u","title":"t","encrypted_content":"e"}]}]},
            {"role":"user","content":"y"}]
            """;
        var request = With(Members);

        var (body, dropped) = await SendAsync(request, Endpoint(WireNames.AnthropicMessages));

        var sent = JsonNode.Parse("{" + Members + "}")!;
        Assert.True(JsonNode.DeepEquals(sent["tools"], body["tools"]));
        Assert.True(JsonNode.DeepEquals(sent["messages"], body["messages"]));
        Assert.Empty(dropped);
        Assert.True(request.Facts.AsksForSearch);
        Assert.Equal(400, Assert.Throws<RouterException>(() =>
            request.CreateExchange(ByWire[WireNames.Gemini], Endpoint(WireNames.Gemini))).Error.Status);
    }

    [Theory, MemberData(nameof(Streams))]
    public void Fast_path_writes_the_canonical_bytes_however_the_stream_is_split(string name)
    {
        var text = AnthropicStreams.Fixture(name);
        foreach (var exclude in new[] { false, true })
        {
            var header = Header with { ExcludeReasoning = exclude };
            var canonical = Samples.Play(Canonical(header), [Encoding.UTF8.GetBytes(text)]);
            string[] variants =
            [
                text, text.Replace("\n", "\r\n", StringComparison.Ordinal), ": hello\n\n" + text.Replace("event: ", ": x\nevent: ", StringComparison.Ordinal),
                "event: weather\ndata: {\"type\":\"weather\",\"index\":9}\n\n" + text,
            ];
            foreach (var bytes in variants.Select(Encoding.UTF8.GetBytes))
            {
                for (var at = 0; at <= bytes.Length; at++)
                {
                    var fast = Samples.Play(new MessagesStreamPatcher(header), [bytes.AsMemory(0, at), bytes.AsMemory(at)]);
                    Assert.Equal(canonical.Output, fast.Output);
                    Assert.Equal(canonical.Summary, fast.Summary);
                }
            }
        }
    }

    [Fact]
    public void Deltas_are_copied_but_for_the_first_of_a_text()
    {
        const int Deltas = 50;
        var patcher = new MessagesStreamPatcher(Header);
        var stream = new StringBuilder($"data: {AnthropicStreams.Start}\n\n");
        var kinds = new[] { ("text", "text_delta", "text"), ("thinking", "thinking_delta", "thinking"), ("tool_use", "input_json_delta", "partial_json") };
        for (var index = 0; index < kinds.Length; index++)
        {
            var (block, delta, member) = kinds[index];
            stream.Append($"data: {{\"type\":\"content_block_start\",\"index\":{index},")
                .Append($"\"content_block\":{{\"type\":\"{block}\",\"id\":\"c\",\"name\":\"f\"}}}}\n\n");
            for (var i = 0; i < Deltas; i++)
                stream.Append($"data: {{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"type\":\"{delta}\",\"{member}\":\"1\"}}}}\n\n");
            stream.Append($"data: {{\"type\":\"content_block_stop\",\"index\":{index}}}\n\n");
        }

        var played = Samples.Play(patcher, [Encoding.UTF8.GetBytes(stream.ToString())]);

        Assert.Null(played.Fault);
        Assert.Equal(kinds.Length * Deltas - 2, patcher.FastEvents);
    }

    [Theory]
    [InlineData("\\ud83d\\ude00 \\\"quoted\\\"")]
    [InlineData("\\u0041")]
    [InlineData("é漢😀\\n")]
    public void Escapes_are_written_as_the_canonical_path_writes_them(string piece)
    {
        var stream = string.Concat(((string[])
        [
            AnthropicStreams.Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", Delta("a"), Delta(piece),
            """{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""",
            """{"type":"message_stop"}""",
        ]).Select(data => $"data: {data}\n\n"));
        var bytes = Encoding.UTF8.GetBytes(stream);

        var canonical = Samples.Play(Canonical(Header), [bytes]);
        var fast = Samples.Play(new MessagesStreamPatcher(Header), [bytes]);

        Assert.Equal(canonical.Output, fast.Output);
        Assert.Equal(canonical.Summary, fast.Summary);

        static string Delta(string text) => """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"$"}}"""
            .Replace("$", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_block_ends_the_text_before_when_the_canonical_path_does()
    {
        const string Block = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
        var bytes = Encoding.UTF8.GetBytes(string.Concat(((string[])
        [
            AnthropicStreams.Start, Block, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""",
            """{"type":"content_block_stop","index":0}""", Block, """{"type":"error","error":{"type":"api_error","message":"Broken."}}""",
        ]).Select(data => $"data: {data}\n\n")));

        Assert.Equal(Samples.Play(Canonical(Header), [bytes]).Output, Samples.Play(new MessagesStreamPatcher(Header), [bytes]).Output);
    }

    [Fact]
    public void Citation_alone_is_not_about_the_text_before()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(((string[])
        [
            AnthropicStreams.Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"x"}}""",
            """{"type":"content_block_stop","index":0}""", """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location"}}}""",
            """{"type":"content_block_stop","index":1}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""",
            """{"type":"message_stop"}""",
        ]).Select(data => $"data: {data}\n\n")));

        var blocks = Join(Samples.Play(new MessagesStreamPatcher(Header), [bytes]).Output)["content"]!.AsArray();

        Assert.Equal(["x", ""], blocks.Select(block => (string)block!["text"]!));
        Assert.Equal([0, 1], blocks.Select(block => (block!["citations"] as JsonArray)?.Count ?? 0));
    }

    [Fact]
    public void Half_a_character_is_refused_as_on_the_canonical_path()
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {AnthropicStreams.Start}\n\ndata: "
            + """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"x"}}""" + "\n\ndata: "
            + """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ud83d"}}""" + "\n\n");

        Assert.NotNull(Samples.Play(Canonical(Header), [bytes]).Fault);
        Assert.NotNull(Samples.Play(new MessagesStreamPatcher(Header), [bytes]).Fault);
    }

    [Theory]
    [InlineData("""{"type":"conte\udc00nk_delta"}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text\udc00"}}""")]
    [InlineData("""{"type":"\u0063ontent_block_delta","index":0,"delta":{"type":"text_delta","text":"y"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"\u0074ext_delta","text":"y"}}""")]
    public void Unknown_types_are_skipped_as_on_the_canonical_path(string data)
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {AnthropicStreams.Start}\n\ndata: "
            + """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"x"}}""" + $"\n\ndata: {data}\n\ndata: "
            + """{"type":"message_stop"}""" + "\n\n");

        var canonical = Samples.Play(Canonical(Header), [bytes]);
        var fast = Samples.Play(new MessagesStreamPatcher(Header), [bytes]);

        Assert.Null(canonical.Fault);
        Assert.Equal(canonical.Output, fast.Output);
        Assert.Equal(canonical.Summary, fast.Summary);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"delta\":null")]
    [InlineData(",\"delta\":[{\"type\":\"x\"}]")]
    public void Delta_of_a_copied_block_must_be_an_object(string delta)
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {AnthropicStreams.Start}\n\ndata: "
            + """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use"}}""" + "\n\ndata: "
            + """{"type":"content_block_delta","index":0""" + delta + "}\n\n");

        Assert.NotNull(Samples.Play(new MessagesStreamPatcher(Header), [bytes]).Fault);
    }

    [Fact]
    public void What_is_copied_must_be_utf8()
    {
        var stream = Encoding.Latin1.GetBytes($"data: {AnthropicStreams.Start}\n\ndata: "
            + """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","name":"ÿ"}}""" + "\n\n");
        var whole = Encoding.Latin1.GetBytes("""{"content":[{"type":"server_tool_use","name":"ÿ"}]}""");

        Assert.NotNull(Samples.Play(new MessagesStreamPatcher(Header), [stream]).Fault);
        Assert.Throws<UpstreamFormatException>(() => Write(new MessagesResponsePatcher(Header), whole));
    }

    [Fact]
    public void Blocks_of_server_tools_and_all_citations_reach_the_caller()
    {
        var played = Samples.Play(new MessagesStreamPatcher(Header), [Encoding.UTF8.GetBytes(AnthropicStreams.Fixture("web-search.sse"))]);

        var blocks = Join(played.Output)["content"]!.AsArray();
        Assert.Equal(["server_tool_use", "web_search_tool_result", "text"], blocks.Select(block => (string?)block!["type"]));
        Assert.Equal("weather NYC today", (string?)blocks[0]!["input"]!["query"]);
        Assert.Equal("Ev0DCioIAxgCIiQ3NmU4ZmI4OC1k", (string?)blocks[1]!["content"]![0]!["encrypted_content"]);
        Assert.Equal(["Eo8BCioIAhgB", null], blocks[2]!["citations"]!.AsArray().Select(citation => (string?)citation!["encrypted_index"]));
        Assert.Equal(1, (int)Join(played.Output)["usage"]!["server_tool_use"]!["web_search_requests"]!);
    }

    [Theory]
    [InlineData("text.sse")]
    [InlineData("thinking.sse")]
    [InlineData("tools.sse")]
    public void Whole_answer_is_copied_to_the_canonical_bytes(string name)
    {
        var body = Encoding.UTF8.GetBytes(AnthropicWholeAnswers.Of(name));
        foreach (var exclude in new[] { false, true })
        {
            var header = Header with { ExcludeReasoning = exclude };
            var request = With("");
            var canonical = new CanonicalResponseTranscoder(ByWire[WireNames.AnthropicMessages], AnthropicStreams.Provider, request, header);

            Assert.Equal(Write(canonical, body), Write(new MessagesResponsePatcher(header), body));
        }
    }

    [Fact]
    public void Whole_blocks_of_server_tools_and_all_citations_reach_the_caller()
    {
        const string Blocks = """
            [{"type":"server_tool_use","id":"s","name":"web_search","input":{"q": 1}},
            {"type":"text","text":"x","citations":[{"type":"char_location","cited_text":"c","document_index":0}]}]
            """;
        const string Body = "{\"type\":\"message\",\"content\":" + Blocks
            + ",\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}";

        var written = JsonNode.Parse(Write(new MessagesResponsePatcher(Header), Encoding.UTF8.GetBytes(Body)))!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Blocks), written["content"]), written["content"]!.ToJsonString());
    }

    private static string Write(IResponseTranscoder transcoder, byte[] body)
    {
        transcoder.Read(body, new StreamProgress());
        return Samples.Text(output => transcoder.Write(Samples.Explained, output));
    }

    private static CanonicalStreamTranscoder Canonical(AnswerHeader header) =>
        new(new AnthropicMessagesWire().CreateStreamReader(AnthropicStreams.Provider), With("").CreateStreamWriter(header));

    private static async Task<string> CanonicalAsync(ConversationRequest request, Endpoint endpoint, List<string> dropped)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var target = new Dialects.Wires.WireTarget(endpoint, request.Facts.Stream) { Fields = new Dialects.AnthropicMessages.Caller.MessagesFields(() => []) };
        await new CanonicalExchange(request, ByWire[WireNames.AnthropicMessages], target)
            .WriteRequestAsync(output, dropped, NoFetches.Instance, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
