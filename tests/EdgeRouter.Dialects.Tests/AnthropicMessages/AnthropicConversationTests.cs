using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>How turns become messages.</summary>
public sealed class AnthropicConversationTests
{
    [Fact]
    public void System_turns_in_mid_conversation_join_the_instructions_in_order()
    {
        var request = new ChatRequest
        {
            Messages = [Say(ChatRole.System, "A"), User("Hi"), Say(ChatRole.Developer, "B"), Assistant("Yo"), Say(ChatRole.System, "C"), User("Bye")],
        };

        Assert.Equal("""[{"type":"text","text":"A"},{"type":"text","text":"B"},{"type":"text","text":"C"}]""", Member(request, "system"));
        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"text","text":"Yo"}]},"""
                + """{"role":"user","content":[{"type":"text","text":"Bye"}]}]""",
            Member(request, "messages"));
    }

    [Fact]
    public void Adjacent_turns_of_one_speaker_become_one_message() =>
        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},"""
            + """{"role":"assistant","content":[{"type":"text","text":"C"},{"type":"text","text":"D"}]},"""
            + """{"role":"user","content":[{"type":"text","text":"E"}]}]""",
            Messages(User("A"), User("B"), Assistant("C"), Assistant("D"), User("E")));

    [Fact]
    public void Tool_results_come_first_in_the_user_message_they_share() =>
        Assert.Equal(
            """[{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}},"""
                + """{"type":"tool_use","id":"c2","name":"g","input":{"x":1}}]},"""
            + """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"one"}]},"""
            + """{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"two"}]},{"type":"text","text":"Wait."},"""
            + """{"type":"text","text":"Go on."}]}]""",
            Messages(
                Calls(new ToolCallPart("c1", "f", ""), new ToolCallPart("c2", "g", """{"x":1}""")),
                User("Wait."),
                Result("c1", new TextPart("one")),
                Result("c2", new TextPart("two")),
                User("Go on.")));

    [Fact]
    public void Tool_result_carries_text_image_and_document() =>
        Assert.Equal(
            """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"see"},"""
            + """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},"""
            + """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="},"title":"r.pdf"}]}]}]""",
            Messages(Result(
                "c1", new TextPart("see"), new ImagePart("data:image/png;base64,aGk="), new FilePart("r.pdf", "data:application/pdf;base64,JVBERg==", null))));

    [Fact]
    public void Empty_tool_result_has_no_content() =>
        Assert.Equal("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1"}]}]""", Messages(Result("c1", new TextPart(""))));

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("{}")]
    public void Missing_arguments_are_an_empty_object(string arguments) =>
        Assert.Contains("\"input\":{}", Messages(User("x"), Calls(new ToolCallPart("c", "f", arguments)), Result("c")));

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{} {}")]
    public void Malformed_arguments_are_refused_with_the_call_s_field(string arguments) =>
        Assert.Equal(
            "messages[1].tool_calls[1].function.arguments",
            RefusedField(User("x"), Calls(new ToolCallPart("c1", "f", "{}"), new ToolCallPart("c2", "f", arguments))));

    [Fact]
    public void Arguments_that_are_no_unicode_are_refused() =>
        Assert.Equal("messages[0].tool_calls[0].function.arguments", RefusedField(Calls(new ToolCallPart("c", "f", "{\"a\":\"\ud800\"}"))));

    [Fact]
    public void Arguments_are_carried_byte_for_byte() =>
        Assert.Contains(
            """{ "n": 12345678901234567890.10, "u": "\u00fc" }""",
            Messages(User("x"), Calls(new ToolCallPart("c", "f", """{ "n": 12345678901234567890.10, "u": "\u00fc" }""")), Result("c")));

    [Fact]
    public void Foreign_call_ids_are_respelled_alike_in_call_and_result()
    {
        var messages = Messages(User("x"), Calls(new ToolCallPart("functions.f:0", "f", ""), new ToolCallPart("functions.f.0", "f", "")),
            Result("functions.f:0"),
            Result("functions.f.0"))!;
        using var document = System.Text.Json.JsonDocument.Parse(messages);
        var calls = document.RootElement[1].GetProperty("content");
        var results = document.RootElement[2].GetProperty("content");

        var first = calls[0].GetProperty("id").GetString()!;
        Assert.Matches("^functions_f_0_[0-9a-f]{8}$", first);
        Assert.Equal(first, results[0].GetProperty("tool_use_id").GetString());
        Assert.Equal(calls[1].GetProperty("id").GetString(), results[1].GetProperty("tool_use_id").GetString());
        Assert.NotEqual(first, calls[1].GetProperty("id").GetString());
    }

    [Fact]
    public void Trailing_assistant_is_a_prefill_without_trailing_whitespace() =>
        Assert.EndsWith(
            """{"role":"assistant","content":[{"type":"text","text":"A "},{"type":"text","text":"The answer:"}]}]""",
            Messages(User("x"), Assistant("A "), Assistant("The answer: \n"), Assistant("\n")));

    [Fact]
    public void Whitespace_of_an_earlier_assistant_turn_is_kept() => Assert.Contains("\"A \\n\"", Messages(User("x"), Assistant("A \n"), User("y")));

    [Fact]
    public void Blank_texts_and_turns_without_content_leave_no_trace() =>
        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]}]""",
            Messages(User("A"), Assistant(" "), User(new TextPart(""), new TextPart("B"))));

    [Fact]
    public void Name_is_put_before_the_first_text() =>
        Assert.Equal(
            """[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},{"type":"text","text":"Ann: look"},"""
                + """{"type":"text","text":"there"}]}]""",
            Messages(User(new ImagePart("https://example.com/a.png"), new TextPart("look"), new TextPart("there")) with { Name = "Ann" }));

    [Fact]
    public void Name_without_a_text_is_named_as_lost() =>
        Assert.Equal(["name"], Write(new ChatRequest { Messages = [User(new ImagePart("https://example.com/a.png")) with { Name = "Ann" }] }).Dropped);

    [Fact]
    public void Name_of_a_tool_turn_is_ignored()
    {
        var (json, dropped) = Write(new ChatRequest { Messages = [Result("c", new TextPart("ok")) with { Name = "f" }] });

        Assert.Contains("\"text\":\"ok\"", json);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Refusal_of_an_assistant_is_its_text() =>
        Assert.Contains(
            """{"role":"assistant","content":[{"type":"text","text":"I will not."}]}""",
            Messages(User("x"), new ChatMessage { Role = ChatRole.Assistant, Content = [new RefusalPart("I will not.")] }, User("y")));

    [Fact]
    public void Generated_media_of_earlier_turns_is_named_as_lost()
    {
        var answer = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content = [new TextPart("y"), new ImagePart("data:image/png;base64,AA==") { IsGenerated = true }, new CitationPart("https://example.com")],
            Extensions = new Dictionary<string, System.Text.Json.JsonElement> { ["audio"] = Parsed("{}") },
        };

        Assert.Equal(
            ["messages.images", "messages.audio"],
            Write(new ChatRequest { Messages = [User("x"), answer, User("z")] }).Dropped);
    }

    [Fact]
    public void Conversation_without_turns_names_messages() => Assert.Equal("messages", RefusedField(Say(ChatRole.System, "Only instructions"), User(" ")));

    [Fact]
    public void Tool_turn_without_call_id_names_the_field() =>
        Assert.Equal("messages[1].tool_call_id", RefusedField(User("x"), Result("", new TextPart("y"))));
}
