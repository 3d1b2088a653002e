using System.Net;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Wire;

/// <summary>Requests that two readers might understand in two ways reach no provider.</summary>
public sealed class RefusedRequestTests
{
    [Theory]
    [InlineData("\"model\":\"acme/other\"", "model")]
    [InlineData("\"mod\\u0065l\":\"acme/other\"", "model")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"messages\":[{\"role\":\"user\",\"content\":\"b\"}]", "messages")]
    [InlineData("\"stream\":false", "stream")]
    [InlineData("\"max_tokens\":1,\"max_tokens\":100000", "max_tokens")]
    [InlineData("\"provider\":{\"only\":[\"beta\"]},\"provider\":{\"only\":[\"alpha\"]}", "provider")]
    [InlineData("\"n\":1,\"n\":64", "n")]
    [InlineData("\"tools\":[],\"tools\":[]", "tools")]
    [InlineData("\"x\":{\"y\":1,\"y\":2}", "x.y")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"hologram\",\"hologram\":{}}]}]", "messages[0].content[0].type")]
    public async Task Member_given_twice_or_unknown_part_is_refused_and_reaches_no_provider(string more, string field)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        using var response = await environment.SendAsync(environment.Body(stream: true, more));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.StartsWith(field + ": expected ", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }
}
