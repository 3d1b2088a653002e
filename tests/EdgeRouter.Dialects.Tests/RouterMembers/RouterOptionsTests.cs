using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.RouterMembers;
using Xunit;

namespace EdgeRouter.Dialects.Tests.RouterMembers;

/// <summary>The header with the router's members: what it says counts as if the body had said it.</summary>
public sealed class RouterOptionsTests
{
    private static readonly Dictionary<string, (ICallerApi Api, string Body)> Apis = new()
    {
        ["chat"] = (new OpenAIChatCallerApi(), """ "model":"a/b","stream":true,"messages":[{"role":"user","content":"Hi"}] """),
        ["completion"] = (new CompletionsCallerApi(), """ "model":"a/b","stream":true,"prompt":"Hi" """),
        ["messages"] = (new MessagesCallerApi(), """ "model":"a/b","stream":true,"max_tokens":10,"messages":[{"role":"user","content":"Hi"}] """),
    };

    /// <summary>A value of every member that changes a fact.</summary>
    private static readonly Dictionary<string, string> Effective = new()
    {
        ["models"] = """["a/c","a/d:floor"]""",
        ["provider"] = """{"order":["alpha","beta"],"allow_fallbacks":false,"sort":{"by":"price","partition":"none"},"max_price":{"prompt":"2"},"zdr":true}""",
        ["session_id"] = "\"conversation-7\"",
        ["debug"] = """{"echo_upstream_body":true}""",
        ["structured_outputs"] = "true",
    };

    public static TheoryData<string, string> EveryApiAndMember => new(from api in Apis.Keys from member in Effective.Keys select (api, member));

    [Theory, MemberData(nameof(EveryApiAndMember))]
    public void Member_in_the_header_counts_as_in_the_body(string api, string member)
    {
        var inBody = Read(api, $"\"{member}\":{Effective[member]}");
        var inHeader = Read(api);
        var without = Facts(inHeader);

        RouterOptions.Apply($"{{\"{member}\":{Effective[member]}}}", inHeader);

        Assert.Equal(Facts(inBody), Facts(inHeader));
        Assert.NotEqual(without, Facts(inHeader));
        Assert.Equal([member], inHeader.OptionMembers!);
    }

    [Fact]
    public void Every_member_that_changes_a_fact_is_tested() =>
        Assert.Equal(Effective.Keys.Order(),
            RouterRequestMembers.ForRouterOnly.Where(member => member.Note is not null || member.HasEffect is not null).Select(member => member.Name).Order());

    [Theory]
    [InlineData("""{"models":["a/c"],"route":"fallback","trace":{"trace_id":"t"},"plugins":[{"id":"web","enabled":false}],"usage":{"include":true}}""")]
    [InlineData("""{"provider":null,"route":null}""")]
    [InlineData("{}")]
    [InlineData(" { \"metadata\" : { \"note\" : \"café\" } } ")]
    public void Header_of_known_members_is_accepted(string header) => RouterOptions.Apply(header, Read("chat"));

    [Theory]
    [InlineData("""{"provider":{"order":["alpha",7]}}""", "X-EdgeRouter-Options.provider.order[1]: expected a non-empty string")]
    [InlineData("""{"provider":{"oder":["alpha"]}}""", "X-EdgeRouter-Options.provider.oder: Unrecognized key(s) in object: 'oder'")]
    [InlineData("""{"models":"a/b"}""", "X-EdgeRouter-Options.models: expected an array of model ids")]
    [InlineData("""{"plugins":[{"id":"web"}]}""", "X-EdgeRouter-Options.plugins[0].enabled")]
    [InlineData("""{"temperature":1}""", "X-EdgeRouter-Options.temperature: expected members of models, provider")]
    [InlineData("""{"Provider":{}}""", "X-EdgeRouter-Options.Provider: expected the spelling 'provider'")]
    [InlineData("""{"models":[],"models":[]}""", "X-EdgeRouter-Options.models: expected once")]
    [InlineData("""["provider"]""", "X-EdgeRouter-Options: expected a JSON object")]
    [InlineData("""{"provider":{}""", "X-EdgeRouter-Options: expected JSON")]
    [InlineData("""{} {}""", "X-EdgeRouter-Options: expected JSON")]
    [InlineData("", "X-EdgeRouter-Options: expected JSON")]
    [InlineData("""{"preset":"mine"}""", "X-EdgeRouter-Options.preset: presets are not configured")]
    public void Wrong_header_is_a_400_that_names_the_place_in_it(string header, string message)
    {
        var error = Assert.Throws<RouterException>(() => RouterOptions.Apply(header, Read("chat"))).Error;

        Assert.Equal(400, error.Status);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(error.Field + ": ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_too_long_is_not_read()
    {
        var header = $"{{\"session_id\":\"{new string(' ', RouterOptions.MaxLength)}\"}}";

        Assert.Equal("X-EdgeRouter-Options: expected at most 16384 characters",
            Assert.Throws<RouterException>(() => RouterOptions.Apply(header, Read("chat"))).Error.Message);
    }

    [Theory, InlineData("chat"), InlineData("completion"), InlineData("messages")]
    public void Member_in_header_and_body_is_a_400_that_names_both(string api)
    {
        var facts = Read(api, """ "provider":{"zdr":true} """);

        var error = Assert.Throws<RouterException>(() => RouterOptions.Apply("""{"provider":{"zdr":false}}""", facts)).Error;

        Assert.Equal("X-EdgeRouter-Options.provider: given in the body too, as provider; give it once", error.Message);
    }

    [Fact]
    public void A_member_of_the_api_that_has_the_name_of_a_routers_member_is_another_one()
    {
        // Anthropic's metadata is not the router's.
        var facts = Read("messages", """ "metadata":{"user_id":"u"} """);

        RouterOptions.Apply("""{"metadata":{"team":"t"}}""", facts);

        Assert.Equal("u", facts.User);
    }

    [Theory]
    [InlineData("provider.sort", "X-EdgeRouter-Options.provider.sort")]
    [InlineData("models[1]", "X-EdgeRouter-Options.models[1]")]
    [InlineData("model", "model")]
    [InlineData("max_tokens", "max_tokens")]
    public void Place_of_a_fact_is_in_the_header_when_the_header_gave_it(string field, string expected)
    {
        var facts = Read("chat");
        Assert.Equal(field, RouterOptions.Locate(field, facts));

        RouterOptions.Apply("""{"provider":{"sort":"price"},"models":["a/c","a/d"]}""", facts);

        Assert.Equal(expected, RouterOptions.Locate(field, facts));
    }

    private static RequestFacts Read(string api, string more = "") =>
        Apis[api].Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes($"{{{Apis[api].Body}{(more.Length > 0 ? "," : "")}{more}}}")).Facts;

    private static string Facts(RequestFacts facts) => JsonSerializer.Serialize(new
    {
        facts.Model,
        facts.FallbackModels,
        facts.Preferences,
        facts.SessionId,
        facts.EchoesUpstreamBody,
        facts.Parameters,
        facts.Stream,
        facts.UnknownParameters,
    });
}
