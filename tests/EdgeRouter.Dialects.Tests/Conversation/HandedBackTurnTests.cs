using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>A turn as clients of OpenRouter hand it back, in a member for each kind, goes to each wire in the order that the wire wants.</summary>
public sealed class HandedBackTurnTests
{
    private const string Turn =
        """
        {"role":"user","content":"x"},
        {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
           {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}],
         "content":"Let me look.","refusal":null,"reasoning":"First",
         "reasoning_details":[
           {"type":"reasoning.text","text":"First","signature":"s1","format":"anthropic-claude-v1","index":0},
           {"type":"reasoning.encrypted","data":"d2","format":"anthropic-claude-v1","index":1},
           {"type":"reasoning.encrypted","data":"g1","id":"c1","format":"google-gemini-v1","index":2},
           {"type":"reasoning.encrypted","data":"g2","format":"google-gemini-v1","index":3},
           {"type":"reasoning.encrypted","data":"o","id":"c2","format":"openai-responses-v1","index":4},
           {"type":"reasoning.text","text":"no format","signature":"s"}]},
        {"role":"tool","tool_call_id":"c1","content":"one"},
        {"role":"tool","tool_call_id":"c2","content":"two"}
        """;

    private static readonly ChatRequest Request = Read(Turn);

    [Fact]
    public void Anthropic_gets_its_own_reasoning_before_text_and_calls() =>
        Assert.Equal(
            """[{"type":"thinking","thinking":"First","signature":"s1"},{"type":"redacted_thinking","data":"d2"},{"type":"text","text":"Let me look."},"""
                + """{"type":"tool_use","id":"c1","name":"f","input":{"a":1}},{"type":"tool_use","id":"c2","name":"g","input":{}}]""",
            AnthropicRequests.Parsed(AnthropicRequests.Member(Request, "messages")!)[1].GetProperty("content").GetRawText());

    [Fact]
    public void Gemini_gets_its_own_signatures_on_text_and_call() =>
        Assert.Contains(
            """{"role":"model","parts":[{"text":"Let me look.","thoughtSignature":"g2"},{"functionCall":{"id":"c1","name":"f","args":{"a":1}}"""
                + ""","thoughtSignature":"g1"},{"functionCall":{"id":"c2","name":"g","args":{}}}]}""",
            GeminiTarget.Write(Request, GeminiTarget.Gemini3), StringComparison.Ordinal);

    [Fact]
    public void Thinking_blocks_among_the_content_go_to_Anthropic_where_they_stood_and_elsewhere_as_they_came()
    {
        const string Blocks = """{"type":"thinking","thinking":"First","signature":"s1","x":1},{"type":"text","text":"Hi"},"""
            + """{"type":"redacted_thinking","data":"d"},{"type":"text","text":"there"}""";
        var request = Read($$"""{"role":"user","content":"x"},{"role":"assistant","content":[{{Blocks}}]},{"role":"user","content":"y"}""");

        Assert.Equal(
            """[{"type":"thinking","thinking":"First","signature":"s1"},{"type":"text","text":"Hi"},{"type":"redacted_thinking","data":"d"},"""
                + """{"type":"text","text":"there"}]""",
            AnthropicRequests.Parsed(AnthropicRequests.Member(request, "messages")!)[1].GetProperty("content").GetRawText());
        Assert.Contains("\"content\":[" + Blocks.Trim() + "]", Write(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_citations_of_earlier_turns_are_parts_and_go_back_as_they_came()
    {
        const string Images = """
            [{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"image_url":{"url":"https://example.com/a.png","detail":null},"index":1}]
            """;
        const string Annotations = """[{"type":"url_citation","url_citation":{"title":"t","url":"u","start_index":1}}]""";
        var request = Read($$"""
            {"role":"user","content":"x"},{"role":"assistant","content":"y","annotations":{{Annotations}},"images":{{Images}}},{"role":"user","content":"z"}
            """);

        Assert.Equal(
            ["TextPart", "ImagePart", "ImagePart", "CitationPart"], request.Messages[1].Content.Select(part => part.GetType().Name));
        Assert.Empty(request.Messages[1].Extensions);
        Assert.Equal(new CitationPart("u", "t", null, 1), Assert.IsType<CitationPart>(request.Messages[1].Content[3]) with { Json = null });
        Assert.Contains("\"content\":\"y\",\"images\":" + Images.Trim() + ",\"annotations\":" + Annotations + "}", Write(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"type":"file_citation","file_citation":{}}]""")]
    [InlineData("""[{"type":"url_citation","url_citation":{"url":"u"}},{"type":"other"}]""")]
    [InlineData("[]")]
    public void Annotations_that_are_not_all_citations_stay_a_member(string annotations)
    {
        var request = Read($$"""{"role":"user","content":"x"},{"role":"assistant","content":"y","annotations":{{annotations}}}""");

        Assert.Equal([new TextPart("y")], request.Messages[1].Content);
        Assert.Contains("\"annotations\":" + annotations + "}", Write(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_one_turn_are_a_message_each_on_the_OpenAI_wire()
    {
        var request = new ChatRequest
        {
            Messages =
            [
                new ChatMessage { Role = ChatRole.Tool,
                    Content = [new ToolResultPart("a", [new TextPart("1")]), new ToolResultPart("b", []) { IsError = true }] },
            ],
        };
        var dropped = new List<string>();

        Assert.Contains(
            """
            "messages":[{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":""}]
            """.Trim(), Write(request, dropped), StringComparison.Ordinal);
        Assert.Equal(["is_error"], dropped);
    }

    [Fact]
    public void A_tool_s_failure_is_told_where_the_wire_has_a_word_for_it()
    {
        ChatMessage[] messages =
        [
            AnthropicRequests.User("x"), AnthropicRequests.Calls(new ToolCallPart("c", "f", "{}")),
            new() { Role = ChatRole.Tool, Content = [new ToolResultPart("c", [new TextPart("""{"why":"off"}""")]) { IsError = true }] },
        ];

        Assert.Contains("""{"type":"tool_result","tool_use_id":"c","is_error":true,"content":[""", AnthropicRequests.Messages(messages),
            StringComparison.Ordinal);
        Assert.Contains("""{"functionResponse":{"id":"c","name":"f","response":{"error":{"why":"off"}}}}""",
            GeminiTarget.Write(GeminiTarget.Ask(messages)), StringComparison.Ordinal);
    }

    private static ChatRequest Read(string messages)
    {
        var body = RequestCorpus.WithMessages(messages);
        OpenAIChatRequestScanner.Scan(body);
        return OpenAIChatRequestReader.Read(body);
    }

    private static string Write(ChatRequest request, List<string>? dropped = null) =>
        Samples.Text(output => Samples.Wire.WriteRequest(request, RequestTargets.Permissive, output, dropped ?? []));
}
