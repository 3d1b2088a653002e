using System.Text.Json;
using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Thinking that came out of an answer goes back in the next request verbatim: the API checks its signature.</summary>
public sealed class AnthropicRoundTripTests
{
    private const string Signature = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds/+==";

    private static readonly ReasoningPart Thought =
        new(ReasoningKind.Text) { Format = ReasoningFormats.Anthropic, Index = 0, Text = "Hm", Signature = Signature };

    private static JsonElement AssistantContent(params ReasoningPart[] details)
    {
        var turn = new ChatMessage { Role = ChatRole.Assistant, Content = [.. details, new TextPart("Hi")] };
        return Parsed(Messages(User("x"), turn, User("y"))!)[1].GetProperty("content");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stream_to_next_request(bool joinedByTheClient)
    {
        var events = AnthropicStreams.ReadFixture("thinking.sse");
        var answer = AnthropicStreams.Join(events);
        if (!joinedByTheClient) answer = answer with { Content = [.. events.SelectMany(Pieces), .. answer.Content.OfType<TextPart>()] };

        var content = Parsed(Messages(User("GCD of 1071 and 462?"), answer, User("Sure?"))!)[1].GetProperty("content");

        var sent = Parsed(AnthropicWholeAnswers.Of("thinking.sse")).GetProperty("content");
        Assert.True(JsonElement.DeepEquals(sent, content), content.GetRawText());
    }

    [Fact]
    public void Tool_calls_follow_thinking_and_text()
    {
        var events = AnthropicStreams.ReadFixture("tools.sse");
        var answer = AnthropicStreams.Join(events);
        answer = answer with { Content = [Thought, .. answer.Content] };

        var content = Parsed(Messages(User("x"), answer, Result("toolu_01T1x1fJ34qAmk2tNTrN7Up6"), Result("toolu_01Vd8sCwH3mLkRk9aQzj5n2C"))!)[1]
            .GetProperty("content");

        Assert.Equal(["thinking", "text", "tool_use", "tool_use"], content.EnumerateArray().Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("""{"location": "San Francisco, CA"}""", content[2].GetProperty("input").GetRawText());
    }

    [Fact]
    public void Reasoning_of_others_or_without_signature_is_left_out() =>
        Assert.Equal(
            """[{"type":"text","text":"Hi"}]""",
            AssistantContent(
                Thought with { Format = ReasoningFormats.Gemini },
                Thought with { Format = null },
                Thought with { Signature = null, Index = 3 },
                Thought with { Signature = "", Index = 4 },
                new ReasoningPart(ReasoningKind.Encrypted) { Format = ReasoningFormats.OpenAIResponses, Data = "d" },
                new ReasoningPart(ReasoningKind.Encrypted) { Format = ReasoningFormats.Anthropic },
                new ReasoningPart(ReasoningKind.Summary) { Format = ReasoningFormats.Anthropic, Text = "s" }).GetRawText());

    [Fact]
    public void Two_signed_blocks_stay_two_even_without_an_index()
    {
        var content = AssistantContent(Thought with { Index = null }, Thought with { Index = null, Text = "Also" });

        Assert.Equal(["Hm", "Also"], content.EnumerateArray().Take(2).Select(block => block.GetProperty("thinking").GetString()));
    }

    [Fact]
    public void Signature_is_never_put_under_the_text_of_another_block()
    {
        var content = AssistantContent(Thought with { Text = "unsigned", Signature = null }, Thought with { Index = 1 });

        Assert.Equal("""{"type":"thinking","thinking":"Hm","signature":"SIGNATURE"}""".Replace("SIGNATURE", Signature), content[0].GetRawText());
    }

    [Fact]
    public void Signature_alone_is_a_block_with_its_text_hidden() =>
        Assert.Equal($$"""{"type":"thinking","thinking":"","signature":"{{Signature}}"}""", AssistantContent(Thought with { Text = null })[0].GetRawText());

    /// <summary>Reasoning as a client collects it that does not join the deltas of a block.</summary>
    private static IEnumerable<ReasoningPart> Pieces(StreamEvent streamEvent) => streamEvent switch
    {
        ReasoningDelta { Block: { } block } => [block],
        PartAdded { Content: ReasoningPart block } => [block],
        _ => [],
    };
}
