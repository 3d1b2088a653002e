using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>
/// The same endpoint is asked again only when it said when, and nobody else is left; failing retries are bounded; a tool loop keeps its model.
/// </summary>
public sealed class RetryTests
{
    private static readonly ProviderAnswer Busy = OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded", ("Retry-After", "1"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_endpoint_is_asked_again_after_the_time_it_asked_for(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(FirstThen(Busy, OpenAIWire.Says("Hello at last")));
        var start = Stopwatch.GetTimestamp();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello at last", answer.Text);
        Assert.Equal(2, answer.Attempts);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Endpoint_that_is_still_busy_after_its_own_time_is_not_asked_a_third_time()
    {
        await using var environment = await TestEnvironment.StartAsync(Busy);

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal(429, answer.Status);
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal(2, environment["alpha"].Requests.Count);
    }

    [Fact]
    public async Task Neighbour_that_can_answer_is_asked_at_once_instead()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", Busy);
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal("Hello from beta", answer.Text);
        Assert.Single(alpha.Requests);
    }

    [Fact]
    public async Task Provider_that_asks_for_too_long_is_answered_for_at_once()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded",
            ("Retry-After", "4")));

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal((429, "4"), (answer.Status, answer.Header("Retry-After")));
        Assert.Single(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Failing_neighbour_gets_ten_retries_and_no_more_however_many_requests_fail_over_to_it()
    {
        await using var environment = new TestEnvironment();
        // A provider that cannot do what is asked is well, and stays first: every call of its neighbour is a retry.
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(400, "Unsupported parameter", "invalid_request_error", "unsupported_parameter"));
        var beta = await environment.AddAsync("beta", ProviderAnswer.ByMode(ProviderAnswer.Stream("data: {}\n\n"), OpenAIWire.Fails(500)));
        await environment.StartRouterAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => environment.ChatAsync(stream: false, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}")));

        Assert.InRange(beta.Requests.Count, 1, 10);
        Assert.Equal(30, alpha.Requests.Count);
    }

    [Fact]
    public async Task Healthy_neighbour_takes_every_request_over()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(404, "The model does not exist", "invalid_request_error", "model_not_found"));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        for (var request = 0; request < 30; request++)
            Assert.Equal("Hello from beta", (await environment.ChatAsync(stream: false, "\"provider\":{\"order\":[\"alpha\",\"beta\"]}")).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_loop_does_not_change_its_model_even_when_the_model_fails(bool inToolLoop)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from two"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha)]);
        environment.Catalog.AddModel("acme/two", [TestCatalog.Endpoint(beta)]);
        await environment.StartRouterAsync();
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "What is the weather?" });
        if (inToolLoop)
        {
            messages.Add(
                JsonNode.Parse(
                """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]}"""));
            messages.Add(JsonNode.Parse("""{"role":"tool","tool_call_id":"call_1","content":"Rain"}"""));
        }
        var body = new JsonObject { ["model"] = "acme/one", ["models"] = new JsonArray("acme/two"), ["messages"] = messages };

        var answer = await CallerAnswer.ReadAsync(await environment.SendAsync(body.ToJsonString()));

        Assert.Equal(inToolLoop ? 502 : 200, answer.Status);
        Assert.Equal(inToolLoop ? 0 : 1, beta.Requests.Count);
    }

    private static ProviderAnswer FirstThen(ProviderAnswer first, ProviderAnswer then)
    {
        var calls = 0;
        return ProviderAnswer.OverHttp((context, request) => (Interlocked.Increment(ref calls) == 1 ? first : then).Http!(context, request));
    }
}
