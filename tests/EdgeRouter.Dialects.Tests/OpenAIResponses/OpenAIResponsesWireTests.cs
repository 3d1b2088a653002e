using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Checking;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using EdgeRouter.Dialects.OpenAIResponses.Wire;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Tests.Conversation;
using EdgeRouter.Dialects.Wires;
using Xunit;
using static EdgeRouter.Dialects.Tests.OpenAIResponses.Caller.ResponsesSamples;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses;

/// <summary>The wire: what providers get, and what their answers mean, however their bytes were split.</summary>
public sealed class OpenAIResponsesWireTests
{
    private static readonly OpenAIResponsesWire Wire = new();

    public static TheoryData<string> Whole => ["text", "tools", "web-search", "refusal", "whole-items"];

    [Theory, MemberData(nameof(Whole))]
    public void Stream_joins_to_the_whole_answer_however_it_is_split(string name)
    {
        var stream = Bytes(name + ".sse");
        var events = Play(stream, stream.Length);
        PartStreams.CheckContract(events);
        var whole = Wire.ReadResponse(Bytes(name + ".json"), Provider);
        Assert.Equal(Describe(whole), Describe(PartStreams.Join(events)));
        Assert.Equal(StreamCompleted.Instance, events[^1]);

        var expected = Describe(events);
        for (var cut = 1; cut < stream.Length; cut++) Assert.Equal(expected, Describe(Play(stream, cut)));
        foreach (var other in (string[])[.. Disguised(name)]) Assert.Equal(expected, Describe(Play(Encoding.UTF8.GetBytes(other), 7)));
    }

    [Fact]
    public void Events_of_a_text_stream() => Assert.Equal(
        [
            new ResponseStarted("resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "gpt-5.4-2026-03-05", null, "default"),
            new ChoiceStarted(0),
            new PartStarted(0, 0, TextPart.Empty),
            new TextDelta(0, 0, "Hello"),
            new TextDelta(0, 0, " Zürich"),
            new TextDelta(0, 0, " ❤!"),
            new PartEnded(0, 0),
            new ChoiceFinished(0, FinishReason.Stop, "completed"),
            new UsageReported(new TokenUsage { Input = 17, CacheRead = 8, Output = 15, Reasoning = 0 }),
            StreamCompleted.Instance,
        ], Play(Bytes("text.sse"), int.MaxValue));

    [Fact]
    public void Reasoning_and_calls_keep_their_order_and_their_ids()
    {
        var response = Wire.ReadResponse(Bytes("tools.json"), Provider);

        Assert.Equal(
        [
            new ReasoningPart(ReasoningKind.Summary)
            {
                Text = "**Planning**\n\nTwo tools are needed.", Format = ReasoningFormats.OpenAIResponses, Id = "rs_1", Index = 0,
            },
            new ReasoningPart(ReasoningKind.Encrypted) { Data = "gAAAAABo-opaque==", Format = ReasoningFormats.OpenAIResponses, Id = "rs_1", Index = 1 },
            new ToolCallPart("call_a", "get_weather", "{\"city\":\"Zürich\"}"),
            new ToolCallPart("call_b", "get_time", "{}"),
        ], response.Choices[0].Message.Content);
        Assert.Equal((FinishReason.ToolCalls, 30L, 40L), (response.Choices[0].FinishReason, response.Usage!.Value.Output, response.Usage.Value.Reasoning));
    }

    [Fact]
    public void Failed_stream_says_why_and_never_completes()
    {
        var events = Play(Bytes("failed.sse"), int.MaxValue);

        Assert.Equal(new StreamFailed(new UpstreamError(null, "server_error", null, "The server had an error.")), events[^1]);
        Assert.DoesNotContain(StreamCompleted.Instance, events);
    }

    [Theory]
    [InlineData("""{"type":"error","sequence_number":3,"code":"rate_limit_exceeded","message":"Slow down.","param":null}""", "rate_limit_exceeded")]
    [InlineData("""{"type":"error","error":{"type":"server_error","code":"server_error","message":"Slow down."}}""", "server_error")]
    public void Error_event_fails_the_stream_and_nothing_follows(string error, string code)
    {
        var events = PartStreams.Read(Wire.CreateStreamReader(Provider), ["""{"type":"response.created","response":{"id":"r"}}""", error,
            """{"type":"response.completed","response":{"status":"completed"}}"""]);

        var failed = Assert.IsType<StreamFailed>(events[^1]).Error;
        Assert.Equal((code, "Slow down."), (failed.Code, failed.Message));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"type\":\"response.output_text.delta\"")]
    [InlineData("{\"type\":\"response.output_text.delta\",\"delta\":\"x\"}")]
    [InlineData("{\"type\":\"response.output_text.delta\",\"output_index\":0}")]
    [InlineData("{\"type\":\"response.completed\",\"response\":{\"status\":\"in_progress\"}}")]
    [InlineData("{\"type\":\"response.output_text.delta\",\"output_index\":\"0\",\"delta\":\"x\"}")]
    [InlineData("{\"type\":\"response.function_call_arguments.delta\",\"output_index\":9,\"delta\":\"x\"}")]
    [InlineData("{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"name\":\"f\"}}")]
    public void Malformed_event_is_an_error_of_the_provider(string data) =>
        Assert.Throws<UpstreamFormatException>(() => PartStreams.Read(Wire.CreateStreamReader(Provider), [data]));

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"object\":\"response\"}")]
    [InlineData("not json")]
    [InlineData("{\"output\":[]}")]
    [InlineData("{\"status\":null,\"output\":[]}")]
    [InlineData("{\"status\":\"in_progress\",\"output\":[]}")]
    [InlineData("{\"status\":\"queued\",\"output\":[]}")]
    [InlineData("{\"status\":\"cancelled\",\"output\":[]}")]
    public void Malformed_answer_is_an_error_of_the_provider(string body) =>
        Assert.Throws<UpstreamFormatException>(() => Wire.ReadResponse(Encoding.UTF8.GetBytes(body), Provider));

    [Theory]
    [InlineData("response.completed", "{\"status\":\"completed\"}", FinishReason.Stop)]
    [InlineData("response.completed", "{}", FinishReason.Stop)]
    [InlineData("response.completed", "{\"status\":\"incomplete\"}", FinishReason.Length)]
    [InlineData("response.incomplete", "{\"status\":\"completed\"}", FinishReason.Length)]
    [InlineData("response.incomplete", "{\"status\":\"in_progress\",\"incomplete_details\":{\"reason\":\"content_filter\"}}", FinishReason.ContentFilter)]
    public void Stream_is_incomplete_where_its_last_event_or_its_response_says_so(string type, string response, FinishReason expected)
    {
        var events = PartStreams.Read(Wire.CreateStreamReader(Provider), [$"{{\"type\":\"{type}\",\"response\":{response}}}"]);

        Assert.Equal(expected, events.OfType<ChoiceFinished>().Single().Reason);
    }

    [Fact]
    public void Failed_answer_has_its_error()
    {
        var response = Wire.ReadResponse("""{"status":"failed","error":{"code":"invalid_prompt","message":"No."},"output":[]}"""u8.ToArray(), Provider);

        Assert.Equal(new UpstreamError(null, "invalid_prompt", null, "No."), response.Error);
    }

    [Theory]
    [InlineData("""{"input_tokens":10,"output_tokens":5}""", 10, null, 5, null)]
    [InlineData("""{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"output_tokens":5}""", 4, 4, 5, null)]
    [InlineData("""{"input_tokens":10,"input_tokens_details":{"cached_tokens":40},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":9}}""",
        0, 40, 0, 5)]
    [InlineData("""{"input_tokens":"x","output_tokens":null}""", null, null, null, null)]
    public void Usage_is_in_disjoint_classes(string usage, int? input, int? cached, int? output, int? reasoning)
    {
        var read = Wire.ReadResponse(Encoding.UTF8.GetBytes($"{{\"status\":\"completed\",\"output\":[],\"usage\":{usage}}}"), Provider).Usage!.Value;

        Assert.Equal(((long?)input, (long?)cached, (long?)output, (long?)reasoning), (read.Input, read.CacheRead, read.Output, read.Reasoning));
    }

    [Fact]
    public void Request_is_items_in_their_order()
    {
        var (body, dropped) = Send(Body("""
            "instructions":"Be brief.","max_output_tokens":50,"temperature":0.5,"user":"u","service_tier":"default","prompt_cache_key":"k","stream":true,
            "reasoning":{"effort":"high","summary":"auto"},"text":{"verbosity":"low","format":{"type":"json_schema","name":"a","schema":{"type":"object"}}},
            "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},{"type":"custom","name":"g"}],
            "tool_choice":"required","parallel_tool_calls":false,
            "input":[{"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"https://x/a.png"},
              {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"opaque"},
              {"type":"reasoning","summary":[],"encrypted_content":"edgerouter.anthropic-claude-v1..text.sig"},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"So."}]},
              {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"done"}]
            """));

        Assert.Equal("""
            {"model":"one-v1","input":[{"type":"message","role":"system","content":"Be brief."},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"Look"},
            {"type":"input_image","image_url":"https://x/a.png","detail":"auto"},
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"opaque"},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"So.","annotations":[]}]},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"done"}],
            "stream":true,"store":false,"max_output_tokens":50,"temperature":0.5,"include":["reasoning.encrypted_content"],
            "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},
            {"type":"function","name":"g","parameters":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],
            "additionalProperties":false},"strict":false}],"tool_choice":"required","parallel_tool_calls":false,
            "text":{"verbosity":"low","format":{"type":"json_schema","name":"a","schema":{"type":"object"}}},
            "reasoning":{"effort":"high","summary":"auto"},"service_tier":"default","user":"0bfe935e70c321c7ca3afc75ce0d0ca2","prompt_cache_key":"k"}
            """.ReplaceLineEndings(""), body);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("\"top_k\":5,\"frequency_penalty\":1,\"presence_penalty\":1,\"cache_control\":{\"type\":\"ephemeral\"}",
        "cache_control frequency_penalty presence_penalty top_k")]
    [InlineData("\"reasoning\":{\"max_tokens\":100}", "reasoning.max_tokens")]
    [InlineData("\"reasoning\":{\"max_tokens\":100},\"max_output_tokens\":1000", "")]
    public void What_the_wire_cannot_carry_is_named(string members, string names) =>
        Assert.Equal(names, string.Join(' ', Send(Body(members)).Dropped.Order(StringComparer.Ordinal)));

    [Fact]
    public void What_an_endpoint_does_not_take_is_dropped_and_named()
    {
        var (body, dropped) = Send(Body("""
            "temperature":1,"reasoning":{"effort":"low"},"tools":[{"type":"function","name":"f"}],"tool_choice":"required",
            "text":{"verbosity":"low","format":{"type":"json_object"}},"top_logprobs":2
            """), RequestParameters.MaxTokens);

        Assert.Equal("""{"model":"one-v1","input":[{"type":"message","role":"user","content":"Hi"}],"store":false}""", body);
        Assert.Equal("include reasoning temperature text.format text.verbosity tool_choice tools top_logprobs",
            string.Join(' ', dropped.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Video_is_refused_by_its_place()
    {
        var body = Body("""
            "input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_video","video_url":"y"}]}]
            """);

        var error = Assert.Throws<RouterException>(() => Send(body)).Error;

        Assert.Equal((400, "input[0].content[1].type"), (error.Status, error.Field));
    }

    [Fact]
    public void Conversation_that_the_wire_writes_is_read_as_it_was()
    {
        var random = new Random(20261203);
        for (var round = 0; round < 300; round++)
        {
            var given = OpenAIResponsesConversations.Next(random);

            var (sent, _) = Send(given);

            Assert.Equal(Describe(Read(given).GetConversation()), Describe(Read(sent).GetConversation()));
        }
    }

    [Theory]
    [InlineData("""{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", "rate_limit_exceeded", "Slow down.")]
    [InlineData("plain text", null, "plain text")]
    public void Errors_are_read(string body, string? code, string message)
    {
        var error = Wire.ReadError(429, Encoding.UTF8.GetBytes(body));

        Assert.Equal((429, code, message), (error.Status, error.Code, error.Message));
    }

    [Fact]
    public void Path_is_that_of_conversations() => Assert.Equal("responses", Wire.GetPath(Operation.Chat, "m", stream: true));

    internal static Provider Provider => Endpoint().Provider;

    internal static Endpoint Endpoint(RequestParameters supported = (RequestParameters)ulong.MaxValue)
    {
        var text = FrozenSet.Create("text");
        return new Endpoint
        {
            Model = new Model { Id = "acme/one", CanonicalSlug = "acme/one", Name = "One", InputModalities = text, OutputModalities = text },
            Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = WireNames.OpenAIResponses, Auth = AuthSchemes.Bearer },
            Tag = "alpha",
            UpstreamModel = "one-v1",
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
    }

    private static (string Body, List<string> Dropped) Send(string body, RequestParameters supported = (RequestParameters)ulong.MaxValue)
    {
        var scan = ResponsesScanner.Scan(Encoding.UTF8.GetBytes(body));
        var origins = new ResponsesOrigins();
        var conversation = ResponsesReader.Read(scan, origins);
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        Wire.WriteRequest(conversation, new WireTarget(Endpoint(supported), scan.Stream) { Fields = new ResponsesFields(() => origins) }, output, dropped);
        return (JsonNode.Parse(output.WrittenSpan)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
            dropped);
    }

    private static byte[] Bytes(string fixture) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "OpenAIResponses", "Fixtures", fixture));

    /// <summary>The same stream as other servers and proxies would send it.</summary>
    private static IEnumerable<string> Disguised(string name)
    {
        var stream = Encoding.UTF8.GetString(Bytes(name + ".sse"));
        yield return stream.Replace("\n", "\r\n", StringComparison.Ordinal);
        yield return "\uFEFF" + stream;
        yield return stream.Replace("event: ", ": comment\nid: 1\nevent: ", StringComparison.Ordinal) + "data: [DONE]\n\n";
        yield return stream.Replace(",\"sequence_number\"", ",\ndata: \"sequence_number\"", StringComparison.Ordinal);
        yield return stream.Replace("event: response.", "event: ", StringComparison.Ordinal);
        yield return stream.Replace("event: response.output", "event: x\ndata: {\"type\":\"response.unheard\",\"delta\":\"x\",\"output_index\":77}\n\nevent: o",
            StringComparison.Ordinal);
    }

    private static List<StreamEvent> Play(byte[] stream, int cut)
    {
        var events = new List<StreamEvent>();
        var reader = Wire.CreateStreamReader(Provider);
        using var frames = new SseReader();
        cut = Math.Min(cut, stream.Length);
        foreach (var chunk in (byte[][])[stream[..cut], stream[cut..]])
        {
            frames.Append(chunk);
            while (frames.TryRead(out var frame)) reader.Read(frame.Name, frame.Data, events);
        }
        frames.Complete();
        while (frames.TryRead(out var frame)) reader.Read(frame.Name, frame.Data, events);
        return events;
    }

    private static string Describe(IEnumerable<StreamEvent> events) => string.Join('\n', events.Select(one => one is CitationsAdded added
        ? $"citations {added.Part} {string.Join(' ', added.Citations)}" : one.ToString()));

    private static string Describe(ChatResponse response)
    {
        var choice = response.Choices[0];
        return $"{response.UpstreamId} {response.UpstreamModel} {response.ServiceTier} {response.Usage}\n{choice.FinishReason} {choice.NativeFinishReason}\n"
            + string.Join('\n', choice.Message.Content.Select(part => part.ToString()));
    }

    private static string Describe(ChatRequest request) => string.Join('\n', [
        $"{request.Sampling} {request.ToolChoice} {request.ParallelToolCalls} {request.Reasoning} {request.MaxOutputTokens} {request.Verbosity}",
        .. request.Tools.Select(tool => $"{tool.Name} {tool.Description} {tool.Parameters?.GetRawText()} {tool.Strict}"),
        .. request.Messages.Select(turn => $"{turn.Role}: {string.Join(" | ", turn.Content.Select(Describe))}")]);

    private static string Describe(ContentPart part) =>
        part is ToolResultPart result ? $"result {result.CallId} [{string.Join(" | ", result.Content.Select(Describe))}]" : part.ToString();
}
