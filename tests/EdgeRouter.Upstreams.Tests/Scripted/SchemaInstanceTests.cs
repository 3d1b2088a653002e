using System.Text.Json;
using EdgeRouter.Upstreams.Scripted;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Scripted;

public class SchemaInstanceTests
{
    [Theory]
    [InlineData("""{}""", "\"text\"")]
    [InlineData("""{"type":"object"}""", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["b"]}""", """{"b":1}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"boolean"}},"required":["b"]}},"required":["a"]}""",
        """{"a":{"b":true}}""")]
    [InlineData("""{"properties":{"a":{"type":"null"}},"required":["a","a"]}""", """{"a":null}""")]
    [InlineData("""{"type":"object","required":["free"]}""", """{"free":null}""")]
    [InlineData("""{"enum":["red","green"]}""", "\"red\"")]
    [InlineData("""{"const":{"k":[1]}}""", """{"k":[1]}""")]
    [InlineData("""{"type":["null","string"]}""", "\"text\"")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "[1]")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":3}""", "[1,1,1]")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":0}""", "[]")]
    [InlineData("""{"type":"string","minLength":6}""", "\"textxx\"")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"te\"")]
    [InlineData("""{"type":"string","format":"date"}""", "\"2026-01-01\"")]
    [InlineData("""{"type":"integer","minimum":5}""", "5")]
    [InlineData("""{"type":"integer","exclusiveMinimum":5}""", "6")]
    [InlineData("""{"type":"integer","maximum":-2}""", "-2")]
    [InlineData("""{"type":"integer","minimum":5,"multipleOf":4}""", "8")]
    [InlineData("""{"type":"number","minimum":0,"maximum":0.5}""", "0.25")]
    [InlineData("""{"type":"number","exclusiveMinimum":10}""", "11")]
    [InlineData("""{"type":"number","exclusiveMaximum":0}""", "-1")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"integer"}]}""", "1")]
    [InlineData("""{"oneOf":[{"type":"boolean"},{"type":"integer"}]}""", "true")]
    [InlineData("""{"allOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}""",
        """{"a":1,"b":1}""")]
    [InlineData("""{"$defs":{"C":{"enum":["x"]}},"properties":{"c":{"allOf":[{"$ref":"#/$defs/C"}],"description":"d"}},"required":["c"]}""", """{"c":"x"}""")]
    [InlineData("""{"definitions":{"a/b":{"type":"integer"}},"$ref":"#/definitions/a~1b"}""", "1")]
    [InlineData("""{"$ref":"#/nowhere"}""", "null")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "null")]
    public void Instance_is_small_and_valid(string schema, string expected) => Assert.Equal(expected, Create(schema));

    [Fact]
    public void No_schema_gives_an_empty_object() => Assert.Equal("{}", SchemaInstance.Create(null));

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"}},"required":["a","b","c"]}""")]
    [InlineData("""{"type":"array","items":{"$ref":"#"},"minItems":1000000}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    [InlineData("""{"type":"string","minLength":2000000000}""")]
    [InlineData("""{"type":"integer","minimum":1e300,"multipleOf":1e-300}""")]
    [InlineData("""{"type":"number","minimum":1e28,"maximum":-1e28,"multipleOf":0}""")]
    [InlineData("""{"type":5,"required":7,"properties":[],"anyOf":{},"allOf":3,"enum":[],"items":true}""")]
    public void Hostile_schema_gives_bounded_json(string schema)
    {
        var json = Create(schema);
        Assert.True(json.Length < 1_000_000);
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 }).Dispose();
    }

    [Fact]
    public void Optional_recursion_ends()
    {
        var json = Create("""{"type":"object","properties":{"v":{"type":"integer"},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}"""
            + ""","kids":{"type":"array","items":{"$ref":"#"}}},"required":["v","next","kids"]}""");
        Assert.Contains("\"next\":null", json);
        Assert.Contains("\"kids\":[]", json);
    }

    private static string Create(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return SchemaInstance.Create(document.RootElement);
    }
}
