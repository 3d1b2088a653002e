using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using Xunit;
using static EdgeRouter.Upstreams.Tests.Scripted.Requests;

namespace EdgeRouter.Upstreams.Tests.Scripted;

public class ScriptedToolsTests
{
    [Theory]
    [InlineData("tools", null, null, null, "weather time")]
    [InlineData("tools", null, null, true, "weather time")]
    [InlineData("tools", null, null, false, "weather")]
    [InlineData("tools", ToolChoiceMode.Auto, null, false, "weather")]
    [InlineData("tools", ToolChoiceMode.Required, null, false, "weather")]
    [InlineData("tools", ToolChoiceMode.Function, "time", null, "time")]
    [InlineData("tools", ToolChoiceMode.None, null, null, "")]
    [InlineData("echo", null, null, null, "")]
    [InlineData("echo", ToolChoiceMode.Auto, null, null, "")]
    [InlineData("echo", ToolChoiceMode.Required, null, null, "weather")]
    [InlineData("echo", ToolChoiceMode.Function, "time", null, "time")]
    public async Task Tools_are_called_as_the_choice_says(string model, ToolChoiceMode? mode, string? function, bool? parallel, string expected)
    {
        var choice = (await ReadAsync(model, Saying("hi").WithTools(mode, function, parallel))).Choices[0];
        Assert.Equal(expected, string.Join(' ', choice.Calls().Select(call => call.Name)));
        Assert.Equal(expected.Length > 0 ? FinishReason.ToolCalls : FinishReason.Stop, choice.FinishReason);
    }

    [Fact]
    public async Task Arguments_fit_the_schema_and_ids_differ()
    {
        var calls = (await ReadAsync("tools", Saying("hi").WithTools())).Choices[0].Calls();
        Assert.Equal([("weather", """{"city":"text"}"""), ("time", "{}")], calls.Select(call => (call.Name, call.Arguments)));
        Assert.NotEqual(calls[0].Id, calls[1].Id);
    }

    [Fact]
    public async Task Call_begins_with_id_and_name_and_its_arguments_follow()
    {
        var events = (await StreamAsync("tools", Saying("hi").WithTools(parallel: false))).OfType<PartEvent>().ToList();
        Assert.Equal(new PartStarted(0, 0, new ToolCallPart("call_1_0_0", "weather", "")), events[0]);
        Assert.True(events.OfType<ToolCallDelta>().Count() > 1);
        Assert.All(events.OfType<ToolCallDelta>(), delta => Assert.Null(delta.Name));
        Assert.Equal(new PartEnded(0, 0), events[^1]);
    }

    [Theory]
    [InlineData("tools", null)]
    [InlineData("tools", ToolChoiceMode.Required)]
    [InlineData("echo", null)]
    public async Task Tool_result_is_quoted_and_ends_the_loop(string model, ToolChoiceMode? mode)
    {
        var choice = await ReadAsync(model, Saying("hi").WithTools(mode).WithToolResult("sunny, 20 degrees"));
        Assert.Equal("The tool answered: sunny, 20 degrees", choice.Text());
        Assert.Empty(choice.Choices[0].Calls());
    }

    [Fact]
    public async Task Choice_of_an_unknown_tool_is_refused()
    {
        var failure = await Ask("echo", Saying("hi").WithTools(ToolChoiceMode.Function, "nonsense")).FailAsync(stream: false);
        Assert.Equal((FailureClass.InvalidRequest, 400), (failure.Class, failure.Status));
    }
}
