using System.Text;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Answers;

public sealed class SeenToolCallsTests
{
    [Theory]
    [InlineData("clock", "{}", true)]
    [InlineData("clock", "{\"zone\":\"é\"}", true)]
    [InlineData("clock", "", true)]
    [InlineData("calendar", "[1]", true)]
    [InlineData("clock", "{\"zone\":", false)]
    [InlineData("clock", "{'zone':1}", false)]
    [InlineData("clock", "{} {}", false)]
    [InlineData("clock", "zone", false)]
    [InlineData("watch", "{}", false)]
    [InlineData("Clock", "{}", false)]
    [InlineData(null, "{}", false)]
    public void Calls_are_sound_when_their_tool_is_offered_and_their_arguments_are_JSON(string? name, string arguments, bool sound)
    {
        var calls = new SeenToolCalls();
        calls.Add(0, 0, "calendar", "{}");
        calls.Add(0, 1, name, arguments);

        Assert.Equal(sound, calls.AreSound(Offering("clock", "calendar")));
    }

    [Fact]
    public void Pieces_of_calls_that_come_mixed_are_put_together()
    {
        var calls = new SeenToolCalls();
        calls.Add(0, 0, "clock", "{\"a\":");
        calls.Add(0, 1, "clock", "[");
        calls.Add(1, 0, "clock", null);
        calls.AddRaw(0, 0, "\\\"\\u00e9\\\""u8);
        calls.Add(0, 1, null, "]");
        calls.Add(0, 0, null, "}");
        Assert.True(calls.AreSound(Offering("clock")));

        calls.AddRaw(0, 1, "]"u8);
        Assert.False(calls.AreSound(Offering("clock")));
    }

    [Fact]
    public void Any_name_will_do_where_those_offered_are_not_known()
    {
        var calls = new SeenToolCalls();
        calls.Add(0, 0, "whatever", "{}");

        Assert.True(calls.AreSound(new RequestFacts()));
    }

    [Theory]
    [InlineData("\"name\":\"clock\"", true)]
    [InlineData("\"name\":\"cl\\u006fck\"", true)]
    [InlineData("\"description\":\"clock\",\"name\":\"watch\",\"parameters\":{\"name\":\"clock\"}", false)]
    public void Names_offered_are_those_of_the_functions(string function, bool offered)
    {
        var body = Encoding.UTF8.GetBytes("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{" + function
            + "}}]}");

        Assert.Equal(offered, OpenAIChatRequestScanner.Scan(body).OffersTool("clock"));
    }

    private static RequestFacts Offering(params string[] tools) =>
        new() { ToolNames = [.. tools.Select(tool => RequestFacts.HashOfToolName(Encoding.UTF8.GetBytes(tool)))] };
}
