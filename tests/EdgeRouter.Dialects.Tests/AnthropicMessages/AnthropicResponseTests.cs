using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicResponseTests
{
    private static ChatResponse Read(string body) => new AnthropicMessagesWire().ReadResponse(Encoding.UTF8.GetBytes(body), AnthropicStreams.Provider);

    [Fact]
    public void Answer_with_every_kind_of_block()
    {
        var response = Read(AnthropicStreams.Fixture("answer.json"));

        Assert.Equal("msg_01Aq9w938a90dw8q", response.UpstreamId);
        Assert.Equal("claude-opus-4-1-20250805", response.UpstreamModel);
        Assert.Equal("default", response.ServiceTier);
        Assert.Equal(
            new TokenUsage { Input = 2095, CacheRead = 1000, CacheWrite5m = 100, CacheWrite1h = 200, Output = 103, Reasoning = 400, WebSearches = 2 },
            response.Usage);
        var choice = Assert.Single(response.Choices);
        Assert.Equal((0, FinishReason.ToolCalls, "tool_use"), (choice.Index, choice.FinishReason, choice.NativeFinishReason));
        Assert.Equal(
            [
                new ReasoningPart(ReasoningKind.Text)
                {
                    Format = "anthropic-claude-v1",
                    Index = 0,
                    Text = "Look it up.",
                    Signature = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds/+==",
                },
                new ReasoningPart(ReasoningKind.Encrypted)
                {
                    Format = "anthropic-claude-v1",
                    Index = 1,
                    Data = "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpP",
                },
                new TextPart("According to the page, "),
                new TextPart("it is sunny."),
                new CitationPart("https://example.com/nyc", "Weather", "Sunny, 21 °C"),
                new ToolCallPart("toolu_01", "get_weather", """{ "city": "Zürich", "n": 1.50 }"""),
                new ToolCallPart("toolu_02", "get_time", "{}"),
            ],
            choice.Message.Content);
        Assert.Empty(choice.Message.Extensions);
    }

    [Theory]
    [InlineData("\"end_turn\"", FinishReason.Stop, "end_turn")]
    [InlineData("\"stop_sequence\"", FinishReason.Stop, "stop_sequence")]
    [InlineData("\"pause_turn\"", FinishReason.Stop, "pause_turn")]
    [InlineData("\"max_tokens\"", FinishReason.Length, "max_tokens")]
    [InlineData("\"model_context_window_exceeded\"", FinishReason.Length, "model_context_window_exceeded")]
    [InlineData("\"tool_use\"", FinishReason.ToolCalls, "tool_use")]
    [InlineData("\"refusal\"", FinishReason.ContentFilter, "refusal")]
    [InlineData("\"brand_new\"", FinishReason.Stop, "brand_new")]
    [InlineData("null", null, null)]
    public void Stop_reasons_are_mapped_and_kept(string stopReason, FinishReason? expected, string? native)
    {
        var choice = Read($$"""{"type":"message","content":[],"stop_reason":{{stopReason}}}""").Choices[0];

        Assert.Equal((expected, native), (choice.FinishReason, choice.NativeFinishReason));
    }

    [Fact]
    public void What_is_not_told_is_unknown()
    {
        var response = Read("""{"content":[{"type":"text","text":""}]}""");

        Assert.Null(response.UpstreamId);
        Assert.Null(response.UpstreamModel);
        Assert.Null(response.ServiceTier);
        Assert.Null(response.Usage);
        Assert.Empty(response.Choices[0].Message.Content);
        Assert.Empty(response.Choices[0].Message.Extensions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"type":"message"}""")]
    [InlineData("""{"content":"text"}""")]
    [InlineData("""{"type":"error","error":{"type":"api_error","message":"x"}}""")]
    [InlineData("""{"content":[7]}""")]
    [InlineData("""{"content":[{}]}""")]
    [InlineData("""{"content":[{"type":"text"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"\ud800"}]}""")]
    [InlineData("""{"content":[{"type":"thinking"}]}""")]
    [InlineData("""{"content":[{"type":"redacted_thinking"}]}""")]
    [InlineData("""{"content":[{"type":"tool_use","name":"f","input":{}}]}""")]
    [InlineData("""{"content":[{"type":"tool_use","id":"c","input":{}}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"cut of""")]
    public void What_is_no_answer_is_refused(string body) => Assert.Throws<UpstreamFormatException>(() => Read(body));

    [Theory]
    [InlineData("text.sse")]
    [InlineData("tools.sse")]
    [InlineData("thinking.sse")]
    public void Answer_streamed_and_whole_say_the_same(string fixture)
    {
        var streamed = AnthropicStreams.Join(AnthropicStreams.ReadFixture(fixture));
        var whole = Read(AnthropicWholeAnswers.Of(fixture)).Choices[0].Message;

        Assert.Equal(streamed.Content, whole.Content);
    }
}
