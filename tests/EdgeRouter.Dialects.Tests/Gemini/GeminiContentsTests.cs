using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiContentsTests
{
    private static readonly ToolCallPart Weather = new("a", "weather", """{"city":"Oslo"}""");
    private static readonly ToolCallPart Time = new("b", "time", "");

    public static TheoryData<string, ChatMessage[], string> Conversations => new()
    {
        { "roles alternate", [User("1"), Assistant("2"), User("3")],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"text":"2"}]},{"role":"user","parts":[{"text":"3"}]}""" },
        { "turns of one role merge", [User("1"), User("2"), Assistant("3"), Assistant("4")],
            """{"role":"user","parts":[{"text":"1"},{"text":"2"}]},{"role":"model","parts":[{"text":"3"},{"text":"4"}]}""" },
        { "empty turns leave no trace", [User("1"), Assistant(""), User("2")], """{"role":"user","parts":[{"text":"1"},{"text":"2"}]}""" },
        { "text is not escaped more than JSON needs", [User("a+b <c> \"é😀\"\n")], """{"role":"user","parts":[{"text":"a+b <c> \"é\uD83D\uDE00\"\n"}]}""" },
        { "name leads the text", [new() { Role = ChatRole.User, Name = "Ann", Content = [new TextPart("x"), new TextPart("y")] }],
            """{"role":"user","parts":[{"text":"Ann: x"},{"text":"y"}]}""" },
        { "name before a picture", [new() { Role = ChatRole.User, Name = "Ann", Content = [new ImagePart("data:image/png;base64,AA==")] }],
            """{"role":"user","parts":[{"text":"Ann:"},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}""" },
        { "name of an assistant", [User("1"), Assistant("x") with { Name = "Bot" }],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"text":"Bot: x"}]}""" },
        { "refusal", [User("1"), new() { Role = ChatRole.Assistant, Content = [new RefusalPart("No.")] }],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"text":"No."}]}""" },
        {
            "reasoning text stays here",
            [User("1"), new() { Role = ChatRole.Assistant,
                Content = [new ReasoningPart(ReasoningKind.Text) { Text = "hm", Format = ReasoningFormats.Gemini }, new TextPart("2")] }],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"text":"2"}]}"""
        },
        {
            "parallel calls and results, results in any order",
            [User("1"), Calls(Weather, Time), Result("b", "noon"), Result("a", """{"sky":"blue"}""")],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"functionCall":{"id":"a","name":"weather","args":{"city":"Oslo"}}},"""
                + """{"functionCall":{"id":"b","name":"time","args":{}}}]},"""
            + """{"role":"user","parts":[{"functionResponse":{"id":"b","name":"time","response":{"result":"noon"}}},"""
            + """{"functionResponse":{"id":"a","name":"weather","response":{"sky":"blue"}}}]}"""
        },
        {
            "broken arguments are kept as text", [User("1"), Calls(new ToolCallPart("a", "f", "{\"x\":"))],
            """{"role":"user","parts":[{"text":"1"}]},{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{"arguments":"{\"x\":"}}}]}"""
        },
    };

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Conversation_becomes_contents(string name, ChatMessage[] messages, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal("{\"contents\":[" + expected + "]}", Write(Ask(messages)));
    }

    [Theory]
    [InlineData("""[1,2]""", """{"result":[1,2]}""")]
    [InlineData("""12345678901234567890""", """{"result":"12345678901234567890"}""")]
    [InlineData("""true""", """{"result":"true"}""")]
    [InlineData("""{"a":1} and more""", """{"result":"{\"a\":1} and more"}""")]
    [InlineData("", "{}")]
    public void Tool_result_that_is_no_object_is_wrapped(string result, string expected) =>
        Assert.Contains("\"response\":" + expected + "}}", Write(Ask(User("1"), Calls(Time), Result("b", result))), StringComparison.Ordinal);

    [Fact]
    public void Tool_result_nested_beyond_what_json_readers_take_is_text()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.Contains("\"response\":{\"result\":\"[[", Write(Ask(User("1"), Calls(Time), Result("b", deep))), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_a_tool_result_are_nested_from_gemini_3_on_and_stand_beside_it_before()
    {
        var result = new ChatMessage
        {
            Role = ChatRole.Tool,
            Content = [new ToolResultPart("b", [new TextPart("x"), new TextPart("y"), new ImagePart("data:image/png;base64,AA==")])],
        };
        var request = Ask(User("1"), Calls(Time with { Signature = "s" }), result);
        const string Picture = """{"inlineData":{"mimeType":"image/png","data":"AA=="}}""";

        Assert.EndsWith("""{"functionResponse":{"id":"b","name":"time","response":{"result":"x\ny"},"parts":[""" + Picture + "]}}]}]}",
            Write(request, Gemini3), StringComparison.Ordinal);
        Assert.EndsWith("""{"functionResponse":{"id":"b","name":"time","response":{"result":"x\ny"}}},""" + Picture + "]}]}", Write(request, Gemini2),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Instructions_go_outside_the_conversation()
    {
        var json = Write(Ask(Instructions(ChatRole.System, "be kind"), User("hi"), Instructions(ChatRole.Developer, "be brief")));

        Assert.Equal("""{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"parts":[{"text":"be kind"},{"text":"be brief"}]}}""", json);
    }

    [Fact]
    public void Instructions_alone_are_said_by_the_user() =>
        Assert.Equal("""{"contents":[{"role":"user","parts":[{"text":"be kind"}]}]}""", Write(Ask(Instructions(ChatRole.System, "be kind"))));

    public static TheoryData<ChatMessage[], string> Unsayable => new()
    {
        { [User("")], "messages" },
        { [Instructions(ChatRole.System, "")], "messages" },
        { [User("1"), new() { Role = ChatRole.System, Content = [new ImagePart("data:image/png;base64,AA==")] }], "messages[1].content[0]" },
        { [User("1"), Result("nobody", "x")], "messages[1].tool_call_id" },
        { [Result("a", "x"), Calls(Weather)], "messages[0].tool_call_id" },
    };

    [Theory]
    [MemberData(nameof(Unsayable))]
    public void What_cannot_be_said_is_a_400_naming_the_field(ChatMessage[] messages, string field)
    {
        var error = Assert.Throws<RouterException>(() => Write(Ask(messages))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    private static ChatMessage Instructions(ChatRole role, string text) => new() { Role = role, Content = [new TextPart(text)] };
}
