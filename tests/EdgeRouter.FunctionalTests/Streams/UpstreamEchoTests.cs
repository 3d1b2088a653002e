using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary><c>debug.echo_upstream_body</c>: callers see what each provider was sent.</summary>
public sealed class UpstreamEchoTests
{
    private const string Echo = "\"debug\":{\"echo_upstream_body\":true}";

    [Fact]
    public async Task Stream_begins_with_the_body_of_each_provider_that_was_asked()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        var beta = await environment.AddAsync("beta", AnthropicWire.Says("Hello from beta"), "anthropic-messages");
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: true, Echo);

        Assert.Equal(("Hello from beta", true), (answer.Text, answer.IsDone));
        foreach (var (chunk, provider) in answer.Chunks.Zip([alpha, beta]))
        {
            Assert.Empty(chunk["choices"]!.AsArray());
            Assert.Equal(provider.Request.Json.ToJsonString(), chunk["debug"]!["echo_upstream_body"]!.ToJsonString());
            Assert.DoesNotContain(provider.ApiKey, chunk.ToJsonString(), StringComparison.Ordinal);
        }
        Assert.All(answer.Chunks.Skip(2), chunk => Assert.Null(chunk["debug"]));
    }

    [Theory]
    [InlineData(true, "\"debug\":{\"echo_upstream_body\":false}")]
    [InlineData(true, "\"debug\":{}")]
    [InlineData(false, Echo)]
    public async Task Nobody_else_sees_it(bool stream, string more)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        var answer = await environment.ChatAsync(stream, more);

        Assert.Equal("Hello", answer.Text);
        Assert.DoesNotContain("echo_upstream_body", answer.Body, StringComparison.Ordinal);
        Assert.Null(environment["alpha"].Request.Json["debug"]);
    }
    [Fact]
    public async Task Body_as_deep_as_a_body_may_be_is_shown_too()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        // Body, tools, tool, function, parameters: 5 levels; 64 are allowed.
        var parameters = string.Concat(Enumerable.Repeat("{\"a\":", 59)) + "{}" + new string('}', 59);

        using var response = await environment.SendAsync(
            environment.Body(stream: true, Echo + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":" + parameters + "}}]"));

        var wire = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"echo_upstream_body\":{", wire, StringComparison.Ordinal);
        Assert.Contains(parameters, wire, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", wire, StringComparison.Ordinal);
        Assert.True((await environment.RecordAsync(response.Headers.GetValues("X-Generation-Id").Single()))["usage"]!.GetValue<decimal>() > 0);
    }
}
