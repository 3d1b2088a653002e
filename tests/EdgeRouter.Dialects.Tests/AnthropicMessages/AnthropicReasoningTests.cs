using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Reasoning wishes to thinking, and what thinking excludes.</summary>
public sealed class AnthropicReasoningTests
{
    private const RequestParameters EffortOnly = Everything & ~RequestParameters.Temperature;

    private static ChatRequest Wish(ReasoningOptions wish, int? maxTokens = null) => new() { Messages = Hello, Reasoning = wish, MaxOutputTokens = maxTokens };

    [Theory]
    [InlineData("max", 10_000, 9_500)]
    [InlineData("xhigh", 10_000, 9_500)]
    [InlineData("high", 10_000, 8_000)]
    [InlineData("medium", 10_000, 5_000)]
    [InlineData("low", 10_000, 2_000)]
    [InlineData("minimal", 10_000, 1_024)]
    [InlineData("minimal", 100_000, 10_000)]
    [InlineData("high", 1_000_000, 128_000)]
    public void Effort_is_a_share_of_max_tokens(string effort, int maxTokens, int budget)
    {
        var request = Wish(new ReasoningOptions { Effort = effort }, maxTokens);

        Assert.Equal($$"""{"type":"enabled","budget_tokens":{{budget}}}""", Member(request, "thinking"));
        Assert.Equal($"{maxTokens}", Member(request, "max_tokens"));
        Assert.Empty(Write(request).Dropped);
    }

    [Fact]
    public void Enabled_without_more_is_medium() =>
        Assert.Equal("""{"type":"enabled","budget_tokens":5000}""", Member(Wish(new ReasoningOptions { Enabled = true }, 10_000), "thinking"));

    [Theory]
    // asked output, wished budget, endpoint's limit -> max_tokens, budget
    [InlineData(4_000, 2_000, null, 4_000, 2_000)]
    [InlineData(4_000, 500, null, 4_000, 1_024)]
    [InlineData(4_000, 4_000, null, 8_000, 4_000)]
    [InlineData(4_000, 30_000, 64_000, 34_000, 30_000)]
    [InlineData(4_000, 62_000, 64_000, 64_000, 60_000)]
    [InlineData(63_900, 64_000, 64_000, 64_000, 1_024)]
    [InlineData(null, 10_000, null, 14_096, 10_000)]
    [InlineData(null, 64_000, 64_000, 64_000, 59_904)]
    [InlineData(null, 10_000, 64_000, 64_000, 10_000)]
    [InlineData(int.MaxValue, int.MaxValue, null, int.MaxValue, 1_024)]
    public void Budget_leaves_room_for_the_answer(int? asked, int wished, int? limit, int maxTokens, int budget)
    {
        var request = Wish(new ReasoningOptions { MaxTokens = wished }, asked);
        var target = Target(limit: limit);

        Assert.Equal($$"""{"type":"enabled","budget_tokens":{{budget}}}""", Member(request, "thinking", target));
        Assert.Equal($"{maxTokens}", Member(request, "max_tokens", target));
        var lost = Write(request, target).Dropped;
        Assert.Equal(maxTokens != (asked ?? limit ?? 4096), lost.Contains("max_tokens"));
        Assert.Equal(budget != wished, lost.Contains("reasoning.max_tokens"));
    }

    [Fact]
    public void Small_max_tokens_with_an_effort_is_raised_over_the_least_budget()
    {
        var request = Wish(new ReasoningOptions { Effort = "low" }, 300);

        Assert.Equal("""{"type":"enabled","budget_tokens":1024}""", Member(request, "thinking"));
        Assert.Equal("1324", Member(request, "max_tokens"));
        Assert.Equal(["max_tokens"], Write(request).Dropped);
    }

    [Fact]
    public void Endpoint_too_small_for_any_thinking_drops_it()
    {
        var request = Wish(new ReasoningOptions { Effort = "high" }, 300);
        var target = Target(limit: 1024);

        Assert.Null(Member(request, "thinking", target));
        Assert.Equal("300", Member(request, "max_tokens", target));
        Assert.Equal(["reasoning"], Write(request, target).Dropped);
    }

    [Theory]
    [InlineData(false, "high")]
    [InlineData(false, null)]
    [InlineData(null, "none")]
    [InlineData(true, "none")]
    public void No_reasoning_is_said_aloud(bool? enabled, string? effort)
    {
        var request = Wish(new ReasoningOptions { Enabled = enabled, Effort = effort }) with { Sampling = new SamplingParameters { Temperature = 0.2 } };

        Assert.Equal("""{"type":"disabled"}""", Member(request, "thinking"));
        Assert.Equal("0.2", Member(request, "temperature"));
        Assert.Empty(Write(request).Dropped);
    }

    [Fact]
    public void Thinking_excludes_temperature_top_k_small_top_p_and_forced_tools()
    {
        var request = Wish(new ReasoningOptions { Effort = "high" }, 10_000) with
        {
            Sampling = new SamplingParameters { Temperature = 0.2, TopP = 0.9, TopK = 5 },
            Tools = [new ToolDefinition { Name = "f" }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Function, "f"),
            ParallelToolCalls = false,
        };

        var (json, dropped) = Write(request);

        Assert.Equal(["tool_choice", "temperature", "top_p", "top_k"], dropped);
        Assert.DoesNotContain("temperature", json);
        Assert.DoesNotContain("top_", json);
        Assert.Equal("""{"type":"auto","disable_parallel_tool_use":true}""", Member(request, "tool_choice"));
    }

    [Fact]
    public void Thinking_keeps_what_the_api_allows_beside_it()
    {
        var request = Wish(new ReasoningOptions { Effort = "high" }, 10_000) with
        {
            Sampling = new SamplingParameters { Temperature = 1, TopP = 0.97 },
            Tools = [new ToolDefinition { Name = "f" }],
            ToolChoice = new ToolChoice(ToolChoiceMode.None),
        };

        Assert.Equal("1", Member(request, "temperature"));
        Assert.Equal("0.97", Member(request, "top_p"));
        Assert.Equal("""{"type":"none"}""", Member(request, "tool_choice"));
        Assert.Empty(Write(request).Dropped);
    }

    private static readonly ChatMessage Thoughtless = Calls(new ToolCallPart("c", "f", "{}"));

    private static readonly ReasoningPart Thought = new(ReasoningKind.Text) { Text = "Hm.", Signature = "s", Format = ReasoningFormats.Anthropic, Index = 0 };

    private static readonly ChatMessage Thoughtful = Thoughtless with { Content = [Thought, .. Thoughtless.Content] };

    public static TheoryData<string, ChatMessage[], bool> ToolLoops => new()
    {
        { "lost thoughts", [User("x"), Thoughtless, Result("c")], false },
        { "kept thoughts", [User("x"), Thoughtful, Result("c")], true },
        { "one thought for several calls", [User("x"), Thoughtful, Result("c"), Thoughtless, Result("c")], true },
        { "thoughts of an earlier turn only", [User("x"), Thoughtful, Result("c"), Assistant("y"), User("z"), Thoughtless, Result("c")], false },
        { "a new turn after calls without thoughts", [User("x"), Thoughtless, Result("c"), Assistant("y"), User("z")], true },
        { "another provider's thoughts",
            [User("x"), Thoughtless with { Content = [Thought with { Format = ReasoningFormats.Unknown }, .. Thoughtless.Content] }, Result("c")],
            false },
    };

    [Theory]
    [MemberData(nameof(ToolLoops))]
    public void Budgeted_thinking_needs_the_thoughts_before_the_calls(string conversation, ChatMessage[] messages, bool thinks)
    {
        var request = Wish(new ReasoningOptions { Effort = "high" }) with { Messages = messages };

        Assert.True(thinks == (Member(request, "thinking") is not null), conversation);
        Assert.Equal(thinks ? [] : ["reasoning"], Write(request).Dropped);
        // Models that decide themselves how much to think ask for no such thing.
        Assert.Contains("adaptive", Member(request, "thinking", Target(supported: EffortOnly)));
    }

    [Fact]
    public void Prefill_excludes_thinking()
    {
        var request = Wish(new ReasoningOptions { Effort = "high" }) with { Messages = [User("x"), Assistant("The")] };

        Assert.Null(Member(request, "thinking"));
        Assert.Equal(["reasoning"], Write(request).Dropped);
    }

    [Fact]
    public void Summary_wish_is_named_as_lost() =>
        Assert.Equal(["reasoning.summary"], Write(Wish(new ReasoningOptions { Effort = "low", Summary = "detailed" }, 10_000)).Dropped);

    [Theory]
    [InlineData("minimal", null, "low")]
    [InlineData("low", null, "low")]
    [InlineData("medium", null, "medium")]
    [InlineData(null, null, "medium")]
    [InlineData("high", null, "high")]
    [InlineData("xhigh", null, "xhigh")]
    [InlineData("max", null, "max")]
    [InlineData(null, 2_000, "low")]
    [InlineData(null, 5_000, "medium")]
    [InlineData(null, 5_001, "high")]
    [InlineData(null, 8_001, "xhigh")]
    public void Models_that_take_no_budget_get_an_effort(string? effort, int? budget, string expected)
    {
        var request = Wish(new ReasoningOptions { Enabled = true, Effort = effort, MaxTokens = budget }, 10_000);
        var target = Target(supported: EffortOnly);

        Assert.Equal("""{"type":"adaptive","display":"summarized"}""", Member(request, "thinking", target));
        Assert.Equal($$"""{"effort":"{{expected}}"}""", Member(request, "output_config", target));
        Assert.Equal("10000", Member(request, "max_tokens", target));
        Assert.Empty(Write(request, target).Dropped);
    }

    [Fact]
    public void Excluded_reasoning_of_such_models_is_not_even_sent() =>
        Assert.Equal(
            """{"type":"adaptive","display":"omitted"}""",
            Member(Wish(new ReasoningOptions { Effort = "high", Exclude = true }), "thinking", Target(supported: EffortOnly)));

    [Theory]
    [InlineData("high", "high", false)]
    [InlineData("high", "low", true)]
    public void Reasoning_effort_has_the_place_that_verbosity_would_have(string effort, string verbosity, bool lost)
    {
        var request = Wish(new ReasoningOptions { Effort = effort }) with { Verbosity = verbosity };
        var target = Target(supported: EffortOnly);

        Assert.Equal("""{"effort":"high"}""", Member(request, "output_config", target));
        Assert.Equal(lost ? ["verbosity"] : [], Write(request, target).Dropped);
    }

    [Theory]
    [InlineData("low")]
    [InlineData("medium")]
    [InlineData("high")]
    [InlineData("xhigh")]
    [InlineData("max")]
    public void Verbosity_is_the_output_effort(string verbosity) =>
        Assert.Equal($$"""{"effort":"{{verbosity}}"}""", Member(new ChatRequest { Messages = Hello, Verbosity = verbosity }, "output_config"));
}
