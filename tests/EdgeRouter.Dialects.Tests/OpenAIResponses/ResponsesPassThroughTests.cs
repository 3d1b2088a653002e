using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;
using EdgeRouter.Dialects.OpenAIResponses.PassThrough;
using EdgeRouter.Dialects.OpenAIResponses.Wire;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Streaming;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.OpenAIResponses.Caller.ResponsesSamples;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses;

/// <summary>Responses on both sides: the same as the canonical path where that has a place for everything, and more where it has none.</summary>
public sealed class ResponsesPassThroughTests
{
    private static readonly OpenAIResponsesWire Wire = new();

    public static TheoryData<string> Fixtures => ["text", "tools", "refusal", "whole-items", "failed"];

    [Theory, MemberData(nameof(Fixtures))]
    public void Stream_is_what_the_canonical_path_writes(string name)
    {
        var request = With("\"reasoning\":{\"summary\":\"auto\"}");
        var stream = Bytes(name + ".sse");
        var provider = OpenAIResponsesWireTests.Provider;

        var fast = Play(request.CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateStreamTranscoder(Header, null), stream);

        Assert.Equal(Play(new CanonicalStreamTranscoder(Wire.CreateStreamReader(provider), request.CreateStreamWriter(Header)), stream), fast);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("tools")]
    [InlineData("refusal")]
    [InlineData("whole-items")]
    public void Whole_answer_is_what_the_canonical_path_writes(string name)
    {
        var request = With("");
        var canonical = new CanonicalResponseTranscoder(Wire, OpenAIResponsesWireTests.Provider, request, Header);

        var fast = request.CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateResponseTranscoder(Header, null);

        Assert.IsType<ResponsesResponsePatcher>(fast);
        Assert.Equal(Write(canonical, name), Write(fast, name));
    }

    [Fact]
    public void Items_and_citations_of_hosted_tools_are_copied_at_their_place()
    {
        var exchange = With("").CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint());
        var patcher = Assert.IsType<ResponsesStreamPatcher>(exchange.CreateStreamTranscoder(Header, null));

        var stream = Play(patcher, Bytes("web-search.sse"));

        var events = Events(stream);
        var output = events[^1]["response"]!["output"]!.AsArray();
        Assert.Equal(["web_search_call", "message"], output.Select(item => (string)item!["type"]!));
        Assert.Equal("x", (string?)output[0]!["action"]!["query"]);
        Assert.Equal(["url_citation", "file_citation"], output[1]!["content"]![0]!["annotations"]!.AsArray().Select(one => (string)one!["type"]!));
        Assert.Equal(3, events.Count(one => ((string)one["type"]!).StartsWith("response.web_search_call.", StringComparison.Ordinal)));
        Assert.Equal(6, patcher.CopiedEvents);

        var whole = With("").CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateResponseTranscoder(Header, null);
        Assert.True(JsonNode.DeepEquals(output, JsonNode.Parse(Write(whole, "web-search"))!["output"]));
    }

    [Fact]
    public void Call_of_a_tool_in_a_namespace_and_of_a_custom_tool_come_back_as_they_are()
    {
        const string Call = """{"type":"function_call","id":"fc","call_id":"a","name":"f","namespace":"n" """;
        var exchange = Sent("""
            "tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]},{"type":"custom","name":"g"}]
            """, out _, out _);

        var stream = Play(exchange.CreateStreamTranscoder(Header, null), Encoding.UTF8.GetBytes(string.Concat(((string[])[
            """{"type":"response.created","response":{"id":"r"}}""",
            """{"type":"response.output_item.added","output_index":0,"item":#,"arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","output_index":0,"item_id":"fc","delta":"{}"}""",
            """{"type":"response.output_item.done","output_index":0,"item":#,"arguments":"{}"}}""",
            """{"type":"response.output_item.added","output_index":1,"item":{"type":"custom_tool_call","id":"ctc","call_id":"b","name":"g","input":""}}""",
            """{"type":"response.custom_tool_call_input.delta","output_index":1,"item_id":"ctc","delta":"x"}""",
            """{"type":"response.output_item.done","output_index":1,"item":{"type":"custom_tool_call","id":"ctc","call_id":"b","name":"g","input":"x"}}""",
            """{"type":"response.completed","response":{"status":"completed"}}""",
        ]).Select(data => $"data: {data.Replace("#", Call, StringComparison.Ordinal)}\n\n"))));

        var output = Events(stream)[^1]["response"]!["output"]!;
        Assert.Equal(("f", "n", "{}"), ((string?)output[0]!["name"], (string?)output[0]!["namespace"], (string?)output[0]!["arguments"]));
        Assert.Equal(("custom_tool_call", "x"), ((string?)output[1]!["type"], (string?)output[1]!["input"]));
        Assert.Equal(2, output.AsArray().Count);
        Assert.Contains("response.custom_tool_call_input.delta", stream, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"response.output_item.done\",\"output_index\":#,\"item\":{\"type\":\"hosted_call\",\"data\":\"@\"}}")]
    [InlineData("{\"type\":\"response.output_text.annotation.added\",\"output_index\":0,\"annotation\":{\"type\":\"file_citation\",\"quote\":\"@\"}}")]
    [InlineData("{\"type\":\"response.output_text.annotation.added\",\"output_index\":0,\"annotation\":{\"type\":\"url_citation\",\"url\":\"@\"}}")]
    [InlineData("{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"x\",\"logprobs\":[{\"token\":\"@\"}]}")]
    public void Whatever_is_kept_for_the_last_event_is_counted(string data)
    {
        const int Pieces = 4;
        var piece = new string('x', ResponsesOutput.MostCharacters / Pieces);
        var events = Enumerable.Range(0, Pieces)
            .Select(i => data.Replace("#", $"{i}", StringComparison.Ordinal).Replace("@", piece, StringComparison.Ordinal)).ToList();
        var transcoder = With("").CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateStreamTranscoder(Header, null);

        Transcode(transcoder, events[..^1]);

        Assert.Throws<UpstreamFormatException>(() => Transcode(transcoder, events[^1..]));
    }

    [Fact]
    public void Number_of_copied_items_is_bounded()
    {
        var events = Enumerable.Range(0, OpenAIResponsesOpenItems.MaxItems + 1)
            .Select(i => $"{{\"type\":\"response.unheard\",\"output_index\":{i},\"item\":{{\"type\":\"hosted_call\"}}}}").ToList();
        var transcoder = With("").CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateStreamTranscoder(Header, null);

        Transcode(transcoder, events[..^1]);

        Assert.Throws<UpstreamFormatException>(() => Transcode(transcoder, events[^1..]));
    }

    [Fact]
    public void Answer_that_cannot_be_written_is_refused_when_it_is_read()
    {
        // Half a character in a name, which only the search for citations meets.
        const string Odd = """
            {"status":"completed","output":[{"type":"reasoning","content":[{"type":"reasoning_text","text":"Hm","annotations":[{"\ud800":1}]}]}]}
            """;
        var transcoder = With("").CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint()).CreateResponseTranscoder(Header, null);

        Assert.Throws<UpstreamFormatException>(() => transcoder.Read(Encoding.UTF8.GetBytes(Odd), new StreamProgress()));
    }

    [Fact]
    public void Body_is_spliced()
    {
        Sent("""
            "instructions":"Be brief.", "input": [ {"role":"user","content":"Hi", "x_deep":1} ],"store":false,"stream":true,"max_output_tokens":50,
            "tools":[{"type":"custom","name":"g"},{"type":"web_search"}],"tool_choice":"auto","metadata":{"a":"b"},"provider":{"only":["alpha"]},"user":"u",
            "service_tier":"default","include":["web_search_call.action.sources"],"truncation":"auto","client_metadata":{"a":1},"max_tool_calls":3,
            "prompt_cache_key":"k","text":{"verbosity":"low"}
            """, out var body, out var dropped);

        Assert.Equal("""
            {"model":"one-v1","stream":true,"store":false,"instructions":"Be brief.","input":[ {"role":"user","content":"Hi", "x_deep":1} ],
            "max_output_tokens":50,"tools":[{"type":"custom","name":"g"},{"type":"web_search"}],"truncation":"auto","client_metadata":{"a":1},
            "max_tool_calls":3,"prompt_cache_key":"k","text":{"verbosity":"low"},
            "include":["reasoning.encrypted_content","web_search_call.action.sources"],"service_tier":"default","user":"0bfe935e70c321c7ca3afc75ce0d0ca2"}
            """.ReplaceLineEndings(""), body);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("\"top_k\":5,\"frequency_penalty\":1", "frequency_penalty top_k")]
    [InlineData("\"image_config\":{\"a\":1},\"modalities\":[\"image\"]", "image_config modalities")]
    public void What_the_api_has_no_place_for_is_named(string members, string names)
    {
        Sent(members, out _, out var dropped);

        Assert.Equal(names, string.Join(' ', dropped.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"edgerouter.x..text.s\"}]",
        "edgerouter")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"reasoning\",\"id\":\"rs_gen_1\",\"summary\":[]}]", "rs_gen_1")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"openrouter:web_search\",\"id\":\"x\"}]", "openrouter")]
    [InlineData("\"reasoning\":{\"max_tokens\":100},\"max_output_tokens\":1000", "max_tokens\":100")]
    public void What_needs_a_change_is_written_through_the_content_model(string members, string absent)
    {
        Sent(members, out var body, out _);

        Assert.DoesNotContain(absent, body, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"message\",\"role\":\"user\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosted_tool_beside_what_needs_a_change_is_refused()
    {
        var error = Assert.Throws<RouterException>(() => Sent("\"tools\":[{\"type\":\"web_search\"}],\"reasoning\":{\"max_tokens\":100}", out _, out _)).Error;

        Assert.Equal(400, error.Status);
        Assert.Contains("web_search", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_endpoint_does_not_take_is_dropped_and_named_as_on_the_canonical_path()
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        await With("\"temperature\":1,\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":\"required\",\"reasoning\":{\"effort\":\"low\"}")
            .CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint(RequestParameters.MaxTokens))
            .WriteRequestAsync(output, dropped, NoFetches.Instance, TestContext.Current.CancellationToken);

        Assert.Equal("""{"model":"one-v1","store":false,"input":"Hi"}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal("reasoning temperature tool_choice tools", string.Join(' ', dropped.Order(StringComparer.Ordinal)));
    }

    private static IExchange Sent(string members, out string body, out List<string> dropped)
    {
        var output = new ArrayBufferWriter<byte>();
        dropped = [];
        var exchange = With(members.ReplaceLineEndings("")).CreateExchange(Wire, OpenAIResponsesWireTests.Endpoint());
        exchange.WriteRequestAsync(output, dropped, NoFetches.Instance, default).AsTask().GetAwaiter().GetResult();
        body = Encoding.UTF8.GetString(output.WrittenSpan);
        return exchange;
    }

    private static void Transcode(IStreamTranscoder transcoder, IEnumerable<string> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var data in events)
        {
            transcoder.Transcode([], Encoding.UTF8.GetBytes(data), output, new StreamProgress());
            output.ResetWrittenCount();
        }
    }

    private static byte[] Bytes(string fixture) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "OpenAIResponses", "Fixtures", fixture));

    private static string Write(IResponseTranscoder transcoder, string name)
    {
        transcoder.Read(Bytes(name + ".json"), new StreamProgress());
        return Samples.Text(output => transcoder.Write(Samples.Explained, output));
    }

    private static string Play(IStreamTranscoder transcoder, byte[] stream) => Samples.Text(output =>
    {
        var progress = new StreamProgress();
        using var frames = new SseReader();
        frames.Append(stream);
        frames.Complete();
        while (frames.TryRead(out var frame)) transcoder.Transcode(frame.Name, frame.Data, output, progress);
        Assert.True(progress.TokenSeen);
        if (progress.Error is null) transcoder.Complete(Samples.Explained, output);
        else transcoder.Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, progress.Error.Message!), Samples.Explained, output);
    });
}
