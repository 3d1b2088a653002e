using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

public sealed class AnthropicToolTests
{
    private static readonly ToolDefinition Plain = new() { Name = "f" };

    [Theory]
    [InlineData(null, """{"type":"object","properties":{}}""")]
    [InlineData("null", """{"type":"object","properties":{}}""")]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("""{"properties":{"a":{}}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":"object","additionalProperties":false}""", """{"type":"object","additionalProperties":false}""")]
    public void Schema_always_has_a_type(string? parameters, string expected)
    {
        var tool = Plain with { Parameters = parameters is null ? null : Parsed(parameters) };

        Assert.Equal($$"""[{"name":"f","input_schema":{{expected}}}]""", Member(new ChatRequest { Messages = Hello, Tools = [tool] }, "tools"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"object\"")]
    [InlineData("""{"\ud800":1}""")]
    public void Schema_that_cannot_be_said_names_the_field(string parameters) =>
        Assert.Equal(
            "tools[1].function.parameters",
            RefusedField(new ChatRequest { Messages = Hello, Tools = [Plain, Plain with { Parameters = Parsed(parameters) }] }));

    [Theory]
    [InlineData(true, true, ",\"strict\":true", false)]
    [InlineData(false, true, ",\"strict\":false", false)]
    [InlineData(true, false, "", true)]
    [InlineData(false, false, "", false)]
    public void Strict_needs_an_endpoint_with_structured_outputs(bool strict, bool supported, string expected, bool lost)
    {
        var request = new ChatRequest { Messages = Hello, Tools = [Plain with { Strict = strict }] };
        var target = Target(supported: supported ? Everything : Everything & ~RequestParameters.StructuredOutputs);

        Assert.Equal("""[{"name":"f","input_schema":{"type":"object","properties":{}}""" + expected + "}]", Member(request, "tools", target));
        Assert.Equal(lost ? ["tools.function.strict"] : [], Write(request, target).Dropped);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, true, null)]
    [InlineData(null, false, """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(ToolChoiceMode.Auto, null, """{"type":"auto"}""")]
    [InlineData(ToolChoiceMode.None, null, """{"type":"none"}""")]
    [InlineData(ToolChoiceMode.None, false, """{"type":"none"}""")]
    [InlineData(ToolChoiceMode.Required, null, """{"type":"any"}""")]
    [InlineData(ToolChoiceMode.Required, false, """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData(ToolChoiceMode.Function, null, """{"type":"tool","name":"f"}""")]
    [InlineData(ToolChoiceMode.Function, false, """{"type":"tool","name":"f","disable_parallel_tool_use":true}""")]
    public void Choice_and_parallel_calls_share_one_member(ToolChoiceMode? mode, bool? parallel, string? expected)
    {
        var choice = mode is { } given ? new ToolChoice(given, given == ToolChoiceMode.Function ? "f" : null) : null;
        var request = new ChatRequest { Messages = Hello, Tools = [Plain], ToolChoice = choice, ParallelToolCalls = parallel };

        Assert.Equal(expected, Member(request, "tool_choice"));
        Assert.Empty(Write(request).Dropped);
    }

    [Fact]
    public void Forced_choice_without_tools_is_named_as_lost() =>
        Assert.Equal(
            ["tool_choice"],
            Write(new ChatRequest { Messages = Hello, ToolChoice = new ToolChoice(ToolChoiceMode.Required), ParallelToolCalls = false }).Dropped);

    [Fact]
    public void Parallel_calls_go_where_tool_choice_goes_though_catalogs_do_not_list_them()
    {
        var request = new ChatRequest { Messages = Hello, Tools = [Plain], ParallelToolCalls = false };

        Assert.NotNull(Member(request, "tool_choice", Target(supported: RequestParameters.Tools | RequestParameters.ToolChoice)));
        Assert.Equal(["parallel_tool_calls"], Write(request, Target(supported: RequestParameters.Tools)).Dropped);
    }
}
