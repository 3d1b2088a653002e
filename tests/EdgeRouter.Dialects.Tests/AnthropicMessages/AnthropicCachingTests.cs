using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicCachingTests
{
    private static readonly CacheControl Default = new();

    [Theory]
    [InlineData(null, """{"type":"ephemeral"}""")]
    [InlineData("5m", """{"type":"ephemeral","ttl":"5m"}""")]
    [InlineData("1h", """{"type":"ephemeral","ttl":"1h"}""")]
    public void Markers_stay_on_their_parts(string? ttl, string expected)
    {
        var marker = new CacheControl(ttl);
        var request = new ChatRequest
        {
            Messages =
            [
                new ChatMessage { Role = ChatRole.System, Content = [new TextPart("S") { CacheControl = marker }] },
                User(new TextPart("U") { CacheControl = marker }, new ImagePart("https://example.com/a.png") { CacheControl = marker }),
            ],
        };

        Assert.Equal($$"""[{"type":"text","text":"S","cache_control":{{expected}}}]""", Member(request, "system"));
        Assert.Equal(
            $$"""[{"role":"user","content":[{"type":"text","text":"U","cache_control":{{expected}}},{"type":"image","source":{"type":"url","url":"https:"""
                + $$"""//example.com/a.png"},"cache_control":{{expected}}}]}]""",
            Member(request, "messages"));
    }

    [Fact]
    public void Marker_inside_a_tool_result_stands_on_the_result() =>
        Assert.Equal(
            """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]"""
                + ""","cache_control":{"type":"ephemeral"}}]}]""",
            Messages(Result("c", new TextPart("a") { CacheControl = Default }, new TextPart("b"))));

    [Fact]
    public void Automatic_marker_stands_on_the_last_block()
    {
        var request = new ChatRequest
        {
            Messages = [User("A"), Assistant("B"), User(new TextPart("C"), new TextPart("D"))],
            CacheControl = new CacheControl("1h")
        };

        Assert.EndsWith(
            """{"type":"text","text":"C"},{"type":"text","text":"D","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]""",
            Member(request, "messages"));
        Assert.Equal(1, Write(request).Json.Split("cache_control").Length - 1);
    }

    [Fact]
    public void Automatic_marker_gives_way_to_one_that_is_there()
    {
        var (json, dropped) = Write(new ChatRequest { Messages = [User(new TextPart("A") { CacheControl = new CacheControl("1h") })], CacheControl = Default });

        Assert.Contains("\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}", json);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Automatic_marker_beyond_the_fourth_is_dropped_and_named()
    {
        var marked = new TextPart("A") { CacheControl = Default };
        var request = new ChatRequest
        {
            Messages = [new ChatMessage { Role = ChatRole.System, Content = [marked] }, User(marked, marked, new TextPart("end"))],
            Tools = [new ToolDefinition { Name = "f", CacheControl = Default }],
            CacheControl = Default,
        };

        var (json, dropped) = Write(request);

        Assert.Equal(4, json.Split("cache_control").Length - 1);
        Assert.Equal(["cache_control"], dropped);
    }

    [Fact]
    public void Automatic_marker_never_stands_on_thinking()
    {
        var thought = new ReasoningPart(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Text = "t", Signature = "s" };
        var (json, dropped) = Write(new ChatRequest
        {
            Messages = [User("x"), new ChatMessage { Role = ChatRole.Assistant, Content = [thought] }],
            CacheControl = Default,
        });

        Assert.DoesNotContain("cache_control", json);
        Assert.Equal(["cache_control"], dropped);
    }

    [Fact]
    public void Marker_on_a_blank_text_is_named_as_lost() =>
        Assert.Equal(["cache_control"], Write(new ChatRequest { Messages = [User(new TextPart("A"), new TextPart(" ") { CacheControl = Default })] }).Dropped);
}
