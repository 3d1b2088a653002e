using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>Answers that think, speak, call and think again keep that order, whole and streamed.</summary>
public sealed class InterleavedAnswerTests
{
    private const string AnthropicBlocks =
        """
        {"type":"thinking","thinking":"First","signature":"s1"},{"type":"text","text":"Let me look."},{"type":"tool_use","id":"c1","name":"f","input":{"a":1}},
        {"type":"redacted_thinking","data":"d2"},{"type":"thinking","thinking":"Then","signature":"s3"},{"type":"text","text":"Also."},
        {"type":"tool_use","id":"c2","name":"g","input":{}}
        """;

    private static readonly ContentPart[] AnthropicParts =
    [
        Thought(ReasoningFormats.Anthropic, 0, "First", "s1"),
        new TextPart("Let me look."),
        new ToolCallPart("c1", "f", """{"a":1}"""),
        new ReasoningPart(ReasoningKind.Encrypted) { Data = "d2", Format = ReasoningFormats.Anthropic, Index = 1 },
        Thought(ReasoningFormats.Anthropic, 2, "Then", "s3"),
        new TextPart("Also."),
        new ToolCallPart("c2", "g", "{}"),
    ];

    private const string GeminiWireParts =
        """
        {"text":"First","thought":true},{"text":"Let me look."},{"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"s1"},
        {"text":"Then","thought":true,"thoughtSignature":"s2"},{"text":"Also.","thoughtSignature":"s3"},{"functionCall":{"id":"c2","name":"g","args":{}}}
        """;

    private static readonly ContentPart[] GeminiParts =
    [
        Thought(ReasoningFormats.Gemini, 0, "First", null),
        new TextPart("Let me look."),
        new ToolCallPart("c1", "f", """{"a":1}""") { Signature = "s1" },
        Thought(ReasoningFormats.Gemini, 1, "Then", "s2"),
        new TextPart("Also."),
        new ReasoningPart(ReasoningKind.Encrypted) { Data = "s3", Format = ReasoningFormats.Gemini, Index = 2 },
        new ToolCallPart("c2", "g", "{}"),
    ];

    [Fact]
    public void Whole_answer_of_Anthropic_is_read_in_order() => Assert.Equal(AnthropicParts, ReadAnthropic(AnthropicBlocks));

    [Fact]
    public void Streamed_answer_of_Anthropic_is_read_in_order()
    {
        string[] stream =
        [
            """{"type":"message_start","message":{"id":"m","model":"x"}}""",
            .. Block(0, """{"type":"thinking","thinking":""}""", """{"type":"thinking_delta","thinking":"Fir"}""",
                """{"type":"thinking_delta","thinking":"st"}""", """{"type":"signature_delta","signature":"s1"}"""),
            .. Block(1, """{"type":"text","text":""}""", """{"type":"text_delta","text":"Let me "}""", """{"type":"text_delta","text":"look."}"""),
            .. Block(2, """{"type":"tool_use","id":"c1","name":"f","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"a\":1}"}"""),
            .. Block(3, """{"type":"redacted_thinking","data":"d2"}"""),
            .. Block(4, """{"type":"thinking","thinking":""}""", """{"type":"thinking_delta","thinking":"Then"}""",
                """{"type":"signature_delta","signature":"s3"}"""),
            .. Block(5, """{"type":"text","text":""}""", """{"type":"text_delta","text":"Also."}"""),
            .. Block(6, """{"type":"tool_use","id":"c2","name":"g","input":{}}"""),
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""",
            """{"type":"message_stop"}""",
        ];
        var events = PartStreams.Read(new AnthropicMessagesWire().CreateStreamReader(AnthropicStreams.Provider), stream);

        PartStreams.CheckContract(events);
        Assert.Equal(AnthropicParts, PartStreams.Join(events).Choices[0].Message.Content);
    }

    [Fact]
    public void Whole_answer_of_Gemini_is_read_in_order() =>
        Assert.Equal(GeminiParts, GeminiAnswers.Respond($$$"""{"candidates":[{"content":{"parts":[{{{GeminiWireParts}}}]}}]}""").Choices[0].Message.Content);

    [Fact]
    public void Streamed_answer_of_Gemini_is_read_in_order()
    {
        string[] parts =
        [
            """{"text":"Fir","thought":true}""", """{"text":"st","thought":true},{"text":"Let me "}""", """{"text":"look."}""",
            """{"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"s1"}""", """{"text":"Th","thought":true}""",
            """{"text":"en","thought":true,"thoughtSignature":"s2"}""", """{"text":"Also.","thoughtSignature":"s3"}""",
            """{"functionCall":{"id":"c2","name":"g","args":{}}}""",
        ];
        var chunks = parts.Select(part => $$$"""{"candidates":[{"content":{"parts":[{{{part}}}]}}]}""").Append("""{"candidates":[{"finishReason":"STOP"}]}""");
        var events = GeminiAnswers.Stream([.. chunks]);

        PartStreams.CheckContract(events);
        Assert.Equal(GeminiParts, PartStreams.Join(events).Choices[0].Message.Content);
    }

    [Fact]
    public void Chunks_of_the_OpenAI_wire_are_read_in_the_order_in_which_they_come()
    {
        string[] deltas =
        [
            "\"reasoning\":\"First\"", "\"content\":\"Let me \"", "\"content\":\"look.\"",
            """
            "tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]
            """,
            """
            "tool_calls":[{"index":1,"id":"c2","function":{"name":"g","arguments":"{"}}]
            """,
            """
            "tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"function":{"arguments":"}"}}]
            """,
            "\"content\":\"Also.\",\"reasoning\":\"Then\"", "\"refusal\":\"No\"", "\"refusal\":\".\"",
        ];
        var stream = deltas.Select(delta => $$$"""{"id":"x","choices":[{"index":0,"delta":{{{{delta}}}}}]}""")
            .Append("""{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""").Append("[DONE]");
        var events = PartStreams.Read(Samples.Wire.CreateStreamReader(Samples.Provider()), stream);

        PartStreams.CheckContract(events);
        Assert.Equal(
            [
                new ReasoningPart(ReasoningKind.Plain) { Text = "First" },
                new TextPart("Let me look."),
                new ToolCallPart("c1", "f", """{"a":1}"""),
                new ToolCallPart("c2", "g", "{}"),
                // Within a chunk the members have no order: reasoning comes first.
                new ReasoningPart(ReasoningKind.Plain) { Text = "Then" },
                new TextPart("Also."),
                new RefusalPart("No."),
            ],
            PartStreams.Join(events).Choices[0].Message.Content);
    }

    [Fact]
    public void Whole_answer_of_the_OpenAI_wire_has_the_canonical_order() =>
        Assert.Equal(
            [
                new ReasoningPart(ReasoningKind.Text) { Text = "t", Readable = "plain", Format = ReasoningFormats.Anthropic, Index = 0 },
                new ReasoningPart(ReasoningKind.Encrypted) { Data = "d", Index = 1 },
                new TextPart("text"),
                new RefusalPart("no"),
                new ImagePart("data:,") { IsGenerated = true },
                new ToolCallPart("c", "f", "{}"),
            ],
            Samples.Wire.ReadResponse(Encoding.UTF8.GetBytes(
                """
                {"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}],
                 "images":[{"image_url":{"url":"data:,"}}],"refusal":"no",
                  "content":"text","reasoning":"plain","reasoning_details":[{"type":"reasoning.text","text":"t","format":"anthropic-claude-v1","index":0},
                  {"type":"reasoning.encrypted","data":"d","index":1}]}}]}
                """), Samples.Provider()).Choices[0].Message.Content);

    [Fact]
    public void Order_of_Anthropic_survives_the_next_request()
    {
        var answer = new ChatMessage { Role = ChatRole.Assistant, Content = ReadAnthropic(AnthropicBlocks) };
        var sent = AnthropicRequests.Messages(AnthropicRequests.User("x"), answer, AnthropicRequests.Result("c1"), AnthropicRequests.Result("c2"));

        var content = AnthropicRequests.Parsed(sent!)[1].GetProperty("content");
        Assert.True(System.Text.Json.JsonElement.DeepEquals(AnthropicRequests.Parsed("[" + AnthropicBlocks + "]"), content), content.GetRawText());
    }

    [Fact]
    public void Order_and_signatures_of_Gemini_survive_the_next_request() =>
        Assert.Contains(
            """{"role":"model","parts":[{"text":"Let me look."},{"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"s1"},"""
                + """{"text":"Also.","thoughtSignature":"s3"},{"functionCall":{"id":"c2","name":"g","args":{}}}]}""",
            GeminiTarget.Write(GeminiTarget.Ask(GeminiTarget.User("x"), new ChatMessage { Role = ChatRole.Assistant, Content = GeminiParts }),
                GeminiTarget.Gemini3),
            StringComparison.Ordinal);

    [Fact]
    public void Interleaved_parts_are_gathered_by_kind_for_a_caller_of_OpenAI_Chat()
    {
        var response = new ChatResponse
        {
            Choices = [new ChatChoice { Index = 0, Message = new ChatMessage { Role = ChatRole.Assistant, Content = AnthropicParts } }],
        };

        Assert.Contains(
            "\"" + """message":{"role":"assistant","content":"Let me look.Also.","refusal":null"""
            + ""","reasoning":"FirstThen","reasoning_details":"""
            + """[{"type":"reasoning.text","text":"First","signature":"s1","format":"anthropic-claude-v1","index":0}"""
            + """,{"type":"reasoning.encrypted","data":"d2","format":"anthropic-claude-v1","index":1}"""
            + """,{"type":"reasoning.text","text":"Then","signature":"s3","format":"anthropic-claude-v1","index":2}]"""
            + ""","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}"""
            + """,{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}""",
            Samples.Text(output => Samples.Request.WriteResponse(response, Samples.Header, Samples.Priced, output)), StringComparison.Ordinal);
    }

    private static IReadOnlyList<ContentPart> ReadAnthropic(string blocks) =>
        new AnthropicMessagesWire().ReadResponse(Encoding.UTF8.GetBytes($$"""{"type":"message","content":[{{blocks}}]}"""), AnthropicStreams.Provider)
            .Choices[0].Message.Content;

    private static ReasoningPart Thought(string format, int index, string text, string? signature) =>
        new(ReasoningKind.Text) { Format = format, Index = index, Text = text, Signature = signature };

    private static IEnumerable<string> Block(int index, string start, params string[] deltas) =>
    [
        $$"""{"type":"content_block_start","index":{{index}},"content_block":{{start}}}""",
        .. deltas.Select(delta => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}"""),
        $$"""{"type":"content_block_stop","index":{{index}}}""",
    ];
}
