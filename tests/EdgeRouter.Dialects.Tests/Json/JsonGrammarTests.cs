using System.Text;
using System.Text.Json;
using EdgeRouter.Dialects.Json;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Json;

public sealed class JsonGrammarTests
{
    [Theory]
    [InlineData("""{"a":[1,-0,0.5e-3,1E+2,{"b":null}],"":true,"c":false}""")]
    [InlineData(" [ ] ")]
    [InlineData("{ }")]
    [InlineData("0")]
    [InlineData("12 ")]
    [InlineData("-1.5")]
    [InlineData("1e9")]
    [InlineData("null")]
    [InlineData("""  "\u00e9\n\"é😀"  """)]
    public void JSON_is_a_value(string text) => Assert.True(IsValue(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a"}""")]
    [InlineData("""{"a":1]""")]
    [InlineData("[1}")]
    [InlineData("""{1:2}""")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData(".5")]
    [InlineData("tru")]
    [InlineData("trues")]
    [InlineData("nul l")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("\"a\nb\"")]
    [InlineData("""
        "\x"
        """)]
    [InlineData("""
        "\u12g4"
        """)]
    [InlineData("]")]
    [InlineData("é")]
    [InlineData("{}{}")]
    public void Anything_else_is_not(string text) => Assert.False(IsValue(text));

    [Fact]
    public void Deeper_than_can_be_followed_is_not_judged() => Assert.True(IsValue(new string('[', 65) + "oops"));

    [Fact]
    public void Agrees_with_the_reader_on_JSON_with_random_faults()
    {
        const string Sound = """{"zone":"Euro\u0070e \"x\"","n":[-1.25e+3,0,10,true,false,null,[],{}],"o":{"é":{"a":[[1]]}}}""";
        const string Alphabet = "{}[]\",:\\u0123456789.eE+-tfn alse";
        var random = new Random(4);
        var sound = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(Sound);
            for (var faults = random.Next(3); faults > 0; faults--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text[at] = Alphabet[random.Next(Alphabet.Length)];
                else text.Remove(at, random.Next(1, Math.Min(4, text.Length - at + 1)));
            }
            var expected = IsReadable(text.ToString());
            if (expected) sound++;
            Assert.True(expected == IsValue(text.ToString()), text.ToString());
        }
        Assert.InRange(sound, 5000, 15_000);
    }

    private static bool IsValue(string text)
    {
        var grammar = default(JsonGrammar);
        foreach (var code in Encoding.UTF8.GetBytes(text)) grammar.Take(code);
        return grammar.IsValue;
    }

    private static bool IsReadable(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
