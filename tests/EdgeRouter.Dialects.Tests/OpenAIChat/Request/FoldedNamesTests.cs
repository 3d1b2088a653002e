using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Servers that ignore case would read what the router did not.</summary>
public sealed class FoldedNamesTests
{
    [Theory]
    [InlineData("MAX_TOKENS", "max_tokens")]
    [InlineData("Model", "model")]
    [InlineData("N", "n")]
    [InlineData("STREAM", "stream")]
    [InlineData("Messages", "messages")]
    [InlineData("\\u0053tream", "stream")]
    [InlineData("me\u017fsages", "messages")]
    [InlineData("max_to\\u212aens", "max_tokens")]
    [InlineData("Search_Parameters", "search_parameters")]
    public void Member_that_differs_only_in_case_is_refused_and_both_spellings_are_named(string given, string known)
    {
        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"{given}\":1"))).Error;

        Assert.Equal(400, error.Status);
        Assert.Contains($"'{known}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{error.Field}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"role":"user","content":"Hi","Content":"Ho"}""", "messages[0].Content")]
    [InlineData("""{"role":"user","content":"Hi","ROLE":"system"}""", "messages[0].ROLE")]
    [InlineData("""{"role":"assistant","content":"Hi","Tool_Calls":[]}""", "messages[0].Tool_Calls")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"","Arguments":"{}"}}]}""",
        "messages[0].tool_calls[0].function.Arguments")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a","Text":"b"}]}""", "messages[0].content[0].Text")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"a","URL":"b"}}]}""", "messages[0].content[0].image_url.URL")]
    public void Members_of_messages_are_refused_likewise(string message, string field) =>
        Assert.Equal(field, Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMessages(message))).Error.Field);

    [Theory]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","Name":"g"}}] """, "tools[0].function.Name")]
    [InlineData(""" "reasoning":{"effort":"low","Effort":"high"} """, "reasoning.Effort")]
    public void Members_of_tools_and_options_are_refused_likewise(string member, string field) =>
        Assert.Equal(field, Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers(member))).Error.Field);

    [Fact]
    public void Completions_refuse_them_too() =>
        Assert.Equal("Prompt", Assert.Throws<RouterException>(() =>
            new CompletionsCallerApi().Read(NoHead.Instance, """{"model":"a/m","prompt":"Hi","Prompt":"Ho"}"""u8.ToArray())).Error.Field);

    [Theory]
    [InlineData("\"X_OWN\":1,\"x_own\":2")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"Type\":\"object\",\"type\":\"object\"}}}]")]
    public void Names_that_the_router_does_not_know_may_be_in_any_case(string members) =>
        Assert.NotNull(OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers(members)));

    [Theory]
    [InlineData("seek", "seek", true)]
    [InlineData("\u017feek", "seek", true)]
    [InlineData("SEE\u212a", "seek", true)]
    [InlineData("seeks", "seek", false)]
    [InlineData("see", "seek", false)]
    [InlineData("", "seek", false)]
    [InlineData("\u0131d", "id", false)]
    [InlineData("max\u007ftokens", "max_tokens", false)]
    public void Only_letters_that_Go_folds_are_folded(string name, string known, bool same) =>
        Assert.Equal(same, FoldedNames.AreEqual(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(known)));
}
