using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Wire;

/// <summary><c>openrouter_metadata</c>: for callers who ask by header, and for nobody else.</summary>
public sealed class RouterMetadataTests
{
    private const string Header = "X-OpenRouter-Metadata";

    [Theory]
    [InlineData(Header, null)]
    [InlineData(Header, "disabled")]
    [InlineData(Header, "true")]
    [InlineData(Header, "")]
    public async Task Nobody_gets_it_unasked(string header, string? value)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        if (value is not null) environment.Router.Client.DefaultRequestHeaders.Add(header, value);

        foreach (var stream in (bool[])[false, true])
            Assert.DoesNotContain("openrouter_metadata", (await environment.ChatAsync(stream)).Body, StringComparison.Ordinal);
        environment["alpha"].Answer = OpenAIWire.Fails(500);
        Assert.DoesNotContain("openrouter_metadata", (await environment.ChatAsync(stream: false)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Header, "enabled")]
    [InlineData(Header, "ENABLED")]
    [InlineData("X-OpenRouter-Experimental-Metadata", "enabled")]
    public async Task Either_header_asks_for_it_in_any_case(string header, string value)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        environment.Router.Client.DefaultRequestHeaders.Add(header, value);

        Assert.NotNull((await environment.ChatAsync(stream: false)).Json["openrouter_metadata"]);
    }

    [Theory]
    [InlineData("openai-chat", false)]
    [InlineData("openai-chat", true)]
    [InlineData("anthropic-messages", false)]
    [InlineData("anthropic-messages", true)]
    public async Task Answer_tells_every_attempt_and_who_was_selected(string dialectOfBeta, bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(503));
        await environment.AddAsync("beta", dialectOfBeta == "openai-chat" ? OpenAIWire.Says("Hello") : AnthropicWire.Says("Hello"), dialectOfBeta);
        environment.AddAbsent("gamma");
        await environment.StartRouterAsync(("Region", "test-region"));
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var answer = await environment.ChatAsync(stream, "\"provider\":{\"order\":[\"alpha\",\"beta\"],\"ignore\":[\"gamma\"]}");

        if (stream) Assert.Single(answer.Chunks, chunk => chunk["openrouter_metadata"] is not null);
        Assert.NotNull(answer.Usage);
        var metadata = answer.Json["openrouter_metadata"]!;
        Assert.Equal("acme/one", metadata["requested"]!.GetValue<string>());
        Assert.Equal("direct", metadata["strategy"]!.GetValue<string>());
        Assert.Equal("test-region", metadata["region"]!.GetValue<string>());
        Assert.Equal("available=2, excluded=1, attempts=2, selected=Provider beta", metadata["summary"]!.GetValue<string>());
        Assert.Equal(2, metadata["attempt"]!.GetValue<int>());
        Assert.False(metadata["is_byok"]!.GetValue<bool>());
        Assert.InRange(metadata["generation_time"]!.GetValue<int>(), 0, 30_000);
        AssertJson("""
            {"total":3,"available":[{"provider":"Provider alpha","model":"acme/one","selected":false},
                                  {"provider":"Provider beta","model":"acme/one","selected":true}]}
            """, metadata["endpoints"]);
        AssertJson("""
            [{"provider":"Provider alpha","model":"acme/one","status":503},{"provider":"Provider beta","model":"acme/one","status":200}]
            """, metadata["attempts"]);
        AssertJson("""
            {"ordering":"default","health_ignored":false,"exclusions":[
              {"provider":"Provider gamma","model":"acme/one","reason":"Ignored","detail":"in provider.ignore"}]}
            """, metadata["params"]);
    }

    [Fact]
    public async Task Strategy_and_model_of_a_fallback_are_told()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(503));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha)]);
        environment.Catalog.AddModel("acme/two", [TestCatalog.Endpoint(beta)]);
        await environment.StartRouterAsync();
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var metadata = (await environment.ChatAsync(stream: false, "\"models\":[\"acme/two\"]")).Json["openrouter_metadata"]!;

        Assert.Equal("fallback", metadata["strategy"]!.GetValue<string>());
        Assert.Equal("acme/two", metadata["attempts"]![1]!["model"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_after_attempts_carries_it_beside_the_error(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(429));
        environment.AddAbsent("beta");
        await environment.StartRouterAsync();
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(503, answer.Status);
        var metadata = answer.Json["openrouter_metadata"]!;
        Assert.Equal(2, metadata["attempt"]!.GetValue<int>());
        // No connection is no status: what the failure means stands in its place.
        Assert.Equal([429, 502], metadata["attempts"]!.AsArray().Select(attempt => attempt!["status"]!.GetValue<int>()));
        Assert.DoesNotContain(metadata["endpoints"]!["available"]!.AsArray(), endpoint => endpoint!["selected"]!.GetValue<bool>());
        Assert.EndsWith("selected=none", metadata["summary"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"provider\":{\"ignore\":[\"alpha\"]}", TestEnvironment.Model, 404, 1)]
    [InlineData("", "nobody/nothing", 400, 0)]
    public async Task Error_before_any_attempt_says_that_nothing_was_sent(string more, string model, int status, int endpoints)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var answer = await environment.ChatAsync(stream: false, more, model);

        Assert.Equal(status, answer.Status);
        var metadata = answer.Json["openrouter_metadata"]!;
        Assert.Equal(model, metadata["requested"]!.GetValue<string>());
        Assert.Equal(0, metadata["attempt"]!.GetValue<int>());
        Assert.Equal(endpoints, metadata["endpoints"]!["total"]!.GetValue<int>());
        Assert.False(metadata.AsObject().ContainsKey("generation_time"));
    }

    [Fact]
    public async Task Error_before_routing_carries_none()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var answer = await environment.ChatAsync(stream: false, "\"temperature\":9");

        Assert.Equal(400, answer.Status);
        Assert.Null(answer.Json["openrouter_metadata"]);
    }

    [Fact]
    public async Task Error_within_a_stream_carries_it()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello")));
        environment.Router.Client.DefaultRequestHeaders.Add(Header, "enabled");

        var answer = await environment.ChatAsync(stream: true);

        Assert.NotNull(answer.Error);
        Assert.Equal("Provider alpha", Assert.Single(answer.Json["openrouter_metadata"]!["attempts"]!.AsArray())!["provider"]!.GetValue<string>());
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
