using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicStreams;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Whole streams as they come over the wire, event for event.</summary>
public sealed class AnthropicStreamTests
{
    private static ReasoningPart Detail(int index, string? text = null, string? signature = null) =>
        new(ReasoningKind.Text) { Format = "anthropic-claude-v1", Index = index, Text = text, Signature = signature };

    [Fact]
    public void Text_stream() =>
        Assert.Equal(
            [
                new ResponseStarted("msg_01XFDUDYJgAACzvnptvVoYEL", "claude-sonnet-4-5-20250929", null, "default"),
                new ChoiceStarted(0),
                new UsageReported(new TokenUsage { Input = 25, CacheRead = 0, CacheWrite5m = 0, CacheWrite1h = 0 }),
                new PartStarted(0, 0, TextPart.Empty),
                new TextDelta(0, 0, "Hello"),
                new TextDelta(0, 0, " Zürich ❤!"),
                new PartEnded(0, 0),
                new ChoiceFinished(0, FinishReason.Stop, "end_turn"),
                new UsageReported(new TokenUsage { Input = 25, CacheRead = 0, CacheWrite5m = 0, CacheWrite1h = 0, Output = 15 }),
                StreamCompleted.Instance,
            ],
            ReadFixture("text.sse"));

    [Fact]
    public void Tool_stream_numbers_calls_and_gives_empty_arguments_to_a_call_without_deltas() =>
        Assert.Equal(
            [
                new ResponseStarted("msg_014p7gG3wDgGV9EUtLvnow3U", "claude-sonnet-4-5-20250929", null, "default"),
                new ChoiceStarted(0),
                new UsageReported(new TokenUsage { Input = 472, CacheRead = 0, CacheWrite5m = 0, CacheWrite1h = 0 }),
                new PartStarted(0, 0, TextPart.Empty),
                new TextDelta(0, 0, "Okay, let me look."),
                new PartEnded(0, 0),
                new PartStarted(0, 1, new ToolCallPart("toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", "")),
                new ToolCallDelta(0, 1, "{\"location\":"),
                new ToolCallDelta(0, 1, " \"San Francisc"),
                new ToolCallDelta(0, 1, "o, CA\"}"),
                new PartEnded(0, 1),
                new PartStarted(0, 2, new ToolCallPart("toolu_01Vd8sCwH3mLkRk9aQzj5n2C", "get_time", "")),
                new ToolCallDelta(0, 2, "{}"),
                new PartEnded(0, 2),
                new ChoiceFinished(0, FinishReason.ToolCalls, "tool_use"),
                new UsageReported(new TokenUsage { Input = 472, CacheRead = 0, CacheWrite5m = 0, CacheWrite1h = 0, Output = 89 }),
                StreamCompleted.Instance,
            ],
            ReadFixture("tools.sse"));

    [Fact]
    public void Thinking_stream_has_text_signature_and_redacted_blocks() =>
        Assert.Equal(
            [
                new ResponseStarted("msg_01ThinkAbCdEfGhIjKlMnOp", "claude-opus-4-1-20250805", null, "priority"),
                new ChoiceStarted(0),
                new UsageReported(new TokenUsage { Input = 43, CacheRead = 2000, CacheWrite5m = 100, CacheWrite1h = 1000 }),
                new PartStarted(0, 0, Detail(0, "")),
                new ReasoningDelta(0, 0, null, Detail(0, "The user asks for the GCD.\n")),
                new ReasoningDelta(0, 0, null, Detail(0, "1071 = 2 × 462 + 147 \"so\"…")),
                new ReasoningDelta(0, 0, null, Detail(0, signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds/+==")),
                new PartEnded(0, 0),
                new PartAdded(0, 1, new ReasoningPart(ReasoningKind.Encrypted)
                {
                    Format = "anthropic-claude-v1",
                    Index = 1,
                    Data = "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7vB9URj2pLmN3kF8/dW5hR7xJ0aP1oLS9yTcMnKVf2w"
                        + "RpEGjH9XZaBt4UvDcPrQ==",
                }),
                new PartStarted(0, 2, TextPart.Empty),
                new TextDelta(0, 2, "The GCD is 21."),
                new PartEnded(0, 2),
                new ChoiceFinished(0, FinishReason.Stop, "end_turn"),
                new UsageReported(new TokenUsage { Input = 43, CacheRead = 2000, CacheWrite5m = 100, CacheWrite1h = 1000, Output = 35, Reasoning = 150 }),
                StreamCompleted.Instance,
            ],
            ReadFixture("thinking.sse"));

    [Fact]
    public void Search_stream_hides_the_provider_s_tool_and_cites_pages()
    {
        var events = ReadFixture("web-search.sse");

        Assert.DoesNotContain(events, streamEvent => streamEvent is ToolCallDelta or PartStarted { Head: ToolCallPart });
        Assert.Equal(
            [new CitationPart("https://example.com/nyc", "Weather in New York City", "Sunny, 21 °C")],
            Assert.Single(events.OfType<CitationsAdded>()).Citations);
        Assert.Equal("It is sunny.", Assert.Single(events.OfType<TextDelta>()).Text);
        Assert.Equal(
            new TokenUsage { Input = 10682, CacheRead = 0, CacheWrite5m = 0, Output = 510, WebSearches = 1 },
            events.OfType<UsageReported>().Last().Usage);
    }

    [Fact]
    public void Error_event_fails_the_stream_and_ends_it()
    {
        var wire = Events(Fixture("overloaded.sse")).Append(("message_stop", """{"type":"message_stop"}"""));

        var events = ReadAll(wire);

        Assert.Equal(new StreamFailed(new UpstreamError(null, null, "overloaded_error", "Overloaded")), events[^1]);
        Assert.DoesNotContain(events, streamEvent => streamEvent is StreamCompleted or ChoiceFinished);
    }

    [Fact]
    public void What_the_api_has_learnt_since_is_skipped() =>
        Assert.Equal(
            [
                new ResponseStarted("msg_01Newer", "claude-next"),
                new ChoiceStarted(0),
                new UsageReported(new TokenUsage { Input = 9 }),
                new PartStarted(0, 0, TextPart.Empty),
                new TextDelta(0, 0, "Hi"),
                new PartEnded(0, 0),
                new ChoiceFinished(0, FinishReason.Stop, "end_turn"),
                new UsageReported(new TokenUsage { Input = 9, Output = 4 }),
                StreamCompleted.Instance,
            ],
            ReadFixture("newer-api.sse"));

    [Fact]
    public void Stream_without_its_last_event_is_not_complete()
    {
        var wire = Events(Fixture("text.sse")).ToList();

        Assert.DoesNotContain(ReadAll(wire.SkipLast(1)), streamEvent => streamEvent is StreamCompleted);
    }

    [Fact]
    public void Nothing_is_read_behind_the_end()
    {
        var wire = Events(Fixture("text.sse")).ToList();

        Assert.Equal(ReadAll(wire), ReadAll([.. wire, ("", "[DONE]"), .. wire]));
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("pause_turn", FinishReason.Stop)]
    [InlineData("compaction", FinishReason.Stop)]
    [InlineData("something_new", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    public void Stop_reasons_are_mapped_and_kept(string native, FinishReason expected)
    {
        var events = Read(Start, $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{native}}}"}}""");

        Assert.Equal(new ChoiceFinished(0, expected, native), events[^1]);
    }

    [Fact]
    public void Choice_ends_once_though_the_reason_is_repeated()
    {
        const string Delta = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}""";

        Assert.Single(Read(Start, Delta, Delta).OfType<ChoiceFinished>());
    }

    [Fact]
    public void Call_whose_arguments_come_with_its_start_keeps_them()
    {
        var events = Read(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c","name":"f","input":{"a": 1}}}""",
            """{"type":"content_block_stop","index":0}""");

        Assert.Equal([new ToolCallPart("c", "f", """{"a": 1}""")], Join(events).Content);
    }

    [Fact]
    public void Block_left_open_is_closed_before_the_choice_ends()
    {
        var events = Read(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c","name":"f","input":{}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"}}""",
            """{"type":"message_stop"}""");

        Assert.Equal(
            [new ToolCallDelta(0, 0, "{}"), new PartEnded(0, 0), new ChoiceFinished(0, FinishReason.ToolCalls, "tool_use"), StreamCompleted.Instance],
            events.Skip(4));
    }

    [Fact]
    public void Text_that_comes_with_a_block_s_start_is_kept()
    {
        var message = Join(Read(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm","signature":"sig"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"Hi"}}"""));

        Assert.Equal([Detail(0, "Hm", "sig"), new TextPart("Hi")], message.Content);
    }
}
