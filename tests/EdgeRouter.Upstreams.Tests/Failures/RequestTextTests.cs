using System.Text;
using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

public class RequestTextTests
{
    [Theory]
    [InlineData("""{"a":"say tokens per day now"}""")]
    [InlineData("""{"a":["x",{"b":"TOKENS Per Day"}]}""")]
    [InlineData("""{"tokens per day":1}""")]
    [InlineData("""{"a":"\u0074okens\u0020per\u0020d\u0061y"}""")]
    [InlineData("""{"a":"tttokens per day"}""")]
    [InlineData("not JSON: tokens per day")]
    [InlineData("""{"a":"tokens per day" """)]
    public void Text_of_the_request_is_found_however_it_is_spelled(string request) => Assert.True(Contains(request));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"a":"tokens per da"}""")]
    [InlineData("""{"a":"tokens ","b":"per day"}""")]
    [InlineData("""{"a":12345678901234567890}""")]
    public void Other_text_is_not_found(string request) => Assert.False(Contains(request));

    [Fact]
    public void Text_in_halves_of_a_character_is_searched_as_bytes() => Assert.True(Contains("""{"a":"\ud800","b":"tokens per day"}"""));

    private static bool Contains(string request) => RequestText.Contains(Encoding.UTF8.GetBytes(request), "tokens per day");
}
