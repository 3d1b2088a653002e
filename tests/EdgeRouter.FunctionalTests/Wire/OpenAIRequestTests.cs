using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Wire;

/// <summary>What of the caller's request reaches a provider that speaks the same wire.</summary>
public sealed class OpenAIRequestTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_arrives_with_the_providers_model_and_without_what_is_the_routers_business(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        const string More = """
            "temperature":0.5,"stop":"END","safe_prompt":true,"x_provider":{"deep":[1,2.50,"é\u00e9",null]},
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],
            "provider":{"order":["alpha"]},"models":["acme/one"],"route":"fallback","transforms":[],"session_id":"s-1","metadata":{"a":"b"},
            "trace":{"trace_id":"t"},"usage":{"include":true},"stream_options":{"include_usage":false}
            """;

        var answer = await environment.ChatAsync(stream, More);

        Assert.Equal("Hello", answer.Text);
        var request = environment["alpha"].Request;
        Assert.Equal("POST", request.Method);
        Assert.Equal("/v1/chat/completions", request.Path);
        var expected = JsonNode.Parse("""
            {"model":"alpha-model-v1","messages":[{"role":"user","content":"Hello, router"}],"temperature":0.5,"stop":["END"],"safe_prompt":true,
             "x_provider":{"deep":[1,2.50,"éé",null]},
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}
            """)!.AsObject();
        if (stream)
        {
            expected["stream"] = true;
            expected["stream_options"] = new JsonObject { ["include_usage"] = true };
        }
        Assert.True(JsonNode.DeepEquals(expected, request.Json), request.Body);
    }

    [Fact]
    public async Task Provider_gets_its_own_key_and_nothing_about_the_caller()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        var request = new HttpRequestMessage(HttpMethod.Post,
            TestEnvironment.ChatPath)
        {
            Content = new StringContent(environment.Body(stream: true, "\"user\":\"jane@example.com\""), Encoding.UTF8,
            "application/json")
        };
        foreach (var (name, value) in ((string, string)[])[("HTTP-Referer", "https://app.example"), ("X-Title", "App"), ("x-session-id", "s-1"),
            ("Cookie", "a=b"), ("X-Forwarded-For", "10.1.2.3"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")])
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await environment.Router.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);

        var provider = environment["alpha"];
        Assert.Equal($"Bearer {provider.ApiKey}", provider.Request.Headers["Authorization"]);
        Assert.Equal("text/event-stream", provider.Request.Headers["Accept"]);
        Assert.StartsWith("EdgeRouter/", provider.Request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(["Accept", "Authorization", "Content-Length", "Content-Type", "Host", "User-Agent"],
            provider.Request.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(RouterUnderTest.InferenceKey, provider.Request.Body, StringComparison.Ordinal);
        // The end user's id leaves hashed only.
        Assert.DoesNotContain("jane", provider.Request.Body, StringComparison.Ordinal);
        Assert.NotEqual("", provider.Request.Json["user"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parameter_that_the_endpoint_does_not_take_is_dropped_and_named(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        var answer = await environment.ChatAsync(stream, "\"top_k\":5,\"min_p\":0.1,\"temperature\":1");

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(["min_p", "top_k"], answer.Header("X-EdgeRouter-Dropped-Parameters")!.Split(", ").Order(StringComparer.Ordinal));
        Assert.Null(environment["alpha"].Request.Json["top_k"]);
        Assert.Null(environment["alpha"].Request.Json["min_p"]);
        Assert.Equal(1, environment["alpha"].Request.Json["temperature"]!.GetValue<int>());
    }

    [Fact]
    public async Task Answer_without_dropped_parameters_has_no_such_header()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        Assert.Null((await environment.ChatAsync(stream: false, "\"temperature\":1")).Header("X-EdgeRouter-Dropped-Parameters"));
    }

    [Fact]
    public async Task Endpoint_without_a_required_parameter_is_not_eligible()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Never said"));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        environment.Catalog.AddModel(TestEnvironment.Model,
        [
            TestCatalog.Endpoint(alpha),
            TestCatalog.Endpoint(beta, more: new JsonObject { ["supported_parameters"] = new JsonArray("top_k", "max_tokens") }),
        ]);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: false, "\"top_k\":5,\"provider\":{\"order\":[\"alpha\",\"beta\"],\"require_parameters\":true}");

        Assert.Equal("Hello from beta", answer.Text);
        Assert.Equal(5, beta.Request.Json["top_k"]!.GetValue<int>());
        Assert.Empty(alpha.Requests);
    }

    [Fact]
    public async Task Required_parameter_that_no_endpoint_takes_is_404_with_the_exclusions()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));

        var answer = await environment.ChatAsync(stream: false, "\"top_k\":5,\"provider\":{\"require_parameters\":true}");

        Assert.Equal(404, answer.Status);
        Assert.Equal(["require_parameters"], answer.Error!["availability"]!["excluded_by"]!.AsArray().Select(reason => reason!.GetValue<string>()));
        Assert.Contains("top_k", answer.Error["metadata"]!["exclusions"]![0]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_is_in_the_routers_name(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));

        var answer = await environment.ChatAsync(stream);

        Assert.All(stream ? answer.Chunks : [answer.Json], message =>
        {
            Assert.Equal(answer.GenerationId, message["id"]!.GetValue<string>());
            Assert.Equal(TestEnvironment.Model, message["model"]!.GetValue<string>());
            Assert.Equal("Provider alpha", message["provider"]!.GetValue<string>());
            Assert.Equal(stream ? "chat.completion.chunk" : "chat.completion", message["object"]!.GetValue<string>());
        });
        if (stream)
        {
            // The strict SDK wants the key in every choice, and usage once, in a last chunk without choices.
            Assert.All(answer.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()), choice => Assert.True(choice!.AsObject().ContainsKey("finish_reason")));
            Assert.Empty(answer.Json["choices"]!.AsArray());
            Assert.Single(answer.Chunks, chunk => chunk["usage"] is not null);
        }
        Assert.Equal("stop",
            stream ? answer.Chunks[^2]["choices"]![0]!["native_finish_reason"]!.GetValue<string>()
            : answer.Json["choices"]![0]!["native_finish_reason"]!.GetValue<string>());
        Assert.Equal("chatcmpl-B1", (await environment.RecordAsync(answer.GenerationId))["upstream_id"]!.GetValue<string>());
    }
}
