using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class RequestWriterTests
{
    private static readonly ChatRequest Plain = new() { Model = "a/m", Messages = [new ChatMessage { Role = ChatRole.User, Content = [new TextPart("Hi")] }] };

    [Fact]
    public void A_plain_request_has_the_providers_model_and_nothing_unasked() => Writes(
        """{"model":"provider-model","messages":[{"role":"user","content":"Hi"}]}""", Plain, RequestTargets.Permissive);

    [Fact]
    public void A_stream_asks_for_usage_where_the_provider_lets_it()
    {
        Writes("""{"model":"provider-model","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}""", Plain,
            RequestTargets.Streaming);
        Writes("""{"model":"provider-model","messages":[{"role":"user","content":"Hi"}],"stream":true}""", Plain,
            RequestTargets.Create(stream: true, acceptsStreamOptions: false));
    }

    [Fact]
    public void What_the_endpoint_does_not_take_is_left_out_and_named_once()
    {
        var request = Read("""
            "temperature":1,"seed":3,"max_tokens":5,"max_completion_tokens":6,"n":2,"user":"u","x":1,"logit_bias":{"1":1},"reasoning":{"effort":"low"},
            "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto","response_format":{"type":"json_schema","json_schema":{"name":"n"}},
            "cache_control":{"type":"ephemeral"},"service_tier":"flex","stop":"a"
            """);
        var target = RequestTargets.Create(supported: RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.ToolChoice
            | RequestParameters.ResponseFormat,
            refused: RequestParameters.Unknown | RequestParameters.CacheControl | RequestParameters.ServiceTier);
        var written = Write(request, target, out var dropped);
        Assert.Equal(["max_tokens", "messages", "model", "n", "temperature", "user"], Keys(written));
        Assert.Equal(["cache_control", "logit_bias", "reasoning", "response_format", "seed", "service_tier", "stop", "tool_choice", "tools", "x"], dropped);
    }

    [Fact]
    public void JSON_mode_is_taken_by_endpoints_without_schemas()
    {
        var target = RequestTargets.Create(supported: RequestParameters.ResponseFormat);
        var written = Write(Read("\"response_format\":{\"type\":\"json_object\"}"), target, out var dropped);
        Assert.Equal("json_object", (string?)written["response_format"]?["type"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Names_are_the_providers()
    {
        var target = RequestTargets.Create(renames: [("max_tokens", "max_completion_tokens"), ("seed", "random_seed"), ("x", "y"),
            ("reasoning_effort", "effort")]);
        var written = Write(Read("\"max_tokens\":5,\"seed\":3,\"x\":1,\"reasoning_effort\":\"low\""), target, out _);
        Assert.Equal(["effort", "max_completion_tokens", "messages", "model", "random_seed", "y"], Keys(written));
    }

    [Fact]
    public void A_user_leaves_as_a_hash()
    {
        var written = Write(Plain with { User = "abc" }, RequestTargets.Permissive, out _);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223", (string?)written["user"]); // head of the SHA-256 of "abc" (FIPS 180-2, appendix B.1)
    }

    [Theory]
    [InlineData("{\"effort\":\"high\"}", null, "high", "")]
    [InlineData("{\"effort\":\"none\"}", null, "none", "")]
    [InlineData("{\"enabled\":true}", null, "medium", "")]
    [InlineData("{\"enabled\":false}", null, "none", "")]
    [InlineData("{\"enabled\":true,\"effort\":\"low\"}", null, "low", "")]
    [InlineData("{\"exclude\":true}", null, null, "")]
    [InlineData("{}", null, null, "")]
    [InlineData("{\"max_tokens\":100}", 1000, "minimal", "")]
    [InlineData("{\"max_tokens\":240}", 1000, "low", "")]
    [InlineData("{\"max_tokens\":500}", 1000, "medium", "")]
    [InlineData("{\"max_tokens\":660}", 1000, "high", "")]
    [InlineData("{\"max_tokens\":5000}", 1000, "xhigh", "")]
    [InlineData("{\"max_tokens\":5000}", null, null, "reasoning.max_tokens")]
    [InlineData("{\"effort\":\"low\",\"summary\":\"auto\",\"context\":\"auto\",\"mode\":\"pro\"}", null, "low",
        "reasoning.context reasoning.mode reasoning.summary")]
    public void Reasoning_is_said_as_an_effort(string reasoning, int? maxTokens, string? effort, string lost)
    {
        var request = Read($"\"reasoning\":{reasoning}") with { MaxOutputTokens = maxTokens };
        var written = Write(request, RequestTargets.Permissive, out var dropped);
        Assert.Equal(effort, (string?)written["reasoning_effort"]);
        Assert.Null(written["reasoning"]);
        Assert.Equal(lost, string.Join(' ', dropped));
    }

    [Fact]
    public void Reasoning_is_said_as_an_object_where_the_provider_is_said_to_know_it()
    {
        var request = Read("\"reasoning\":{\"max_tokens\":9,\"exclude\":true,\"summary\":\"auto\"}");
        var written = Write(request, RequestTargets.All["OpenRouter itself"], out var dropped);
        Assert.Equal("""{"max_tokens":9,"exclude":true,"summary":"auto"}""", written["reasoning"]!.ToJsonString());
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("permissive", """{"role":"assistant","content":"4"}""")]
    [InlineData("taking reasoning back", """{"role":"assistant","content":"4","reasoning_content":"Add."}""")]
    [InlineData("OpenRouter itself", """
        {"role":"assistant","content":"4","reasoning":"Add.","reasoning_details":[
            {"type":"reasoning.text","text":"Add.","signature":"c2ln","format":"anthropic-claude-v1","index":0},
            {"type":"reasoning.encrypted","data":"ZGF0YQ==","index":1},
            {"type":"reasoning.server_tool_call","tool_name":"t","arguments":"{}","result":"r"}]}
        """)]
    public void Earlier_reasoning_goes_back_only_to_providers_that_take_it(string target, string expected)
    {
        var written = Write(OpenAIChatRequestReader.Read(RequestCorpus.Read("assistant-echoed-with-reasoning")), RequestTargets.All[target], out _);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), written["messages"]![1]), written.ToJsonString());
    }

    [Fact]
    public void Earlier_reasoning_in_its_structured_form_alone_goes_back_as_text()
    {
        var body = """
            {"messages":[{"role":"user","content":"2+2?"},
              {"role":"assistant","content":"4","reasoning_details":[
                {"type":"reasoning.text","text":"Add"},{"type":"reasoning.encrypted","data":"x"},{"type":"reasoning.text","text":"."}]}]}
            """u8.ToArray();
        var target = RequestTargets.All["taking reasoning back"];

        var written = Write(OpenAIChatRequestReader.Read(body), target, out _);

        Assert.Equal("""{"role":"assistant","content":"4","reasoning_content":"Add."}""", written["messages"]![1]!.ToJsonString());
        Assert.False(OpenAIChatRequestSplicer.CanSplice(OpenAIChatRequestScanner.Scan(body), target));
    }

    [Theory]
    [InlineData("taking reasoning back",
        """{"role":"assistant","content":null,"reasoning_content":" ","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""")]
    [InlineData("permissive", """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""")]
    [InlineData("OpenRouter itself",
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""")]
    public void Lost_reasoning_before_a_call_is_stood_in_for_where_the_provider_demands_it(string target, string expected)
    {
        var body = """
            {"messages":[{"role":"user","content":"2+2?"},
                         {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c","content":"4"}]}
            """u8.ToArray();

        var written = Write(OpenAIChatRequestReader.Read(body), RequestTargets.All[target], out _);

        Assert.Equal(expected, written["messages"]![1]!.ToJsonString());
    }

    [Theory]
    [InlineData("cache-markers")]
    [InlineData("cache-breakpoint")]
    public void Cache_markers_are_left_out_where_they_are_refused(string name)
    {
        var request = OpenAIChatRequestReader.Read(RequestCorpus.Read(name));
        Assert.Contains("\"cache_control\":{\"type\":\"ephemeral\"", Write(request, RequestTargets.Permissive, out _).ToJsonString(), StringComparison.Ordinal);
        var written = Write(request, RequestTargets.Create(refused: RequestParameters.CacheControl), out var dropped).ToJsonString();
        Assert.DoesNotContain("cache_control", written, StringComparison.Ordinal);
        Assert.DoesNotContain("prompt_cache_breakpoint", written, StringComparison.Ordinal);
        Assert.Equal(["cache_control"], dropped);
    }

    [Theory]
    [InlineData("image-by-url")]
    [InlineData("pdf")]
    [InlineData("audio-in-and-out")]
    [InlineData("video")]
    [InlineData("tool-choice-named")]
    [InlineData("tools-offered")]
    [InlineData("json-object")]
    [InlineData("grammar-format")]
    [InlineData("image-output")]
    [InlineData("members-unknown-to-parts-and-tools")]
    [InlineData("developer-and-configuration-update")]
    [InlineData("prediction-and-verbosity")]
    public void What_needs_no_translation_arrives_as_it_was_sent(string name)
    {
        var body = RequestCorpus.Read(name);
        var expected = JsonNode.Parse(body)!.AsObject();
        expected["model"] = "provider-model";
        expected.Remove("stream");
        Assert.True(JsonNode.DeepEquals(expected, Write(OpenAIChatRequestReader.Read(body), RequestTargets.Permissive, out var dropped)));
        Assert.Empty(dropped);
    }

    [Fact]
    public void Turns_of_other_dialects_are_written_in_full()
    {
        var request = new ChatRequest
        {
            Messages =
            [
                new ChatMessage { Role = ChatRole.User },
                new ChatMessage { Role = ChatRole.Assistant, Content = [new ToolCallPart("c", "f", "{}") { Signature = "s" }] },
                new ChatMessage { Role = ChatRole.Tool, Content = [new ToolResultPart("c", [new TextPart("a"), new TextPart("b")])] },
            ],
        };
        Writes("""
            {"model":"provider-model","messages":[{"role":"user","content":""},
                {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
                {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}
            """, request, RequestTargets.Permissive);
    }

    [Fact]
    public void Text_is_not_escaped_more_than_JSON_needs()
    {
        var output = new ArrayBufferWriter<byte>();
        var request = Plain with { Messages = [new ChatMessage { Role = ChatRole.User, Content = [new TextPart("é <b> + 'q'")] }] };
        OpenAIChatRequestWriter.Write(request, RequestTargets.Permissive, output, []);
        Assert.True(output.WrittenSpan.IndexOf("é <b> + 'q'"u8) > 0);
    }

    private static ChatRequest Read(string members)
    {
        var body = RequestCorpus.WithMembers(members);
        OpenAIChatRequestScanner.Scan(body);
        return OpenAIChatRequestReader.Read(body);
    }

    private static void Writes(string expected, ChatRequest request, WireTarget target)
    {
        var written = Write(request, target, out var dropped);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), written), written.ToJsonString());
        Assert.Empty(dropped);
    }

    private static JsonObject Write(ChatRequest request, WireTarget target, out List<string> dropped)
    {
        var output = new ArrayBufferWriter<byte>();
        dropped = [];
        OpenAIChatRequestWriter.Write(request, target, output, dropped);
        dropped.Sort(StringComparer.Ordinal);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static IEnumerable<string> Keys(JsonObject written) => written.Select(member => member.Key).Order(StringComparer.Ordinal);
}
