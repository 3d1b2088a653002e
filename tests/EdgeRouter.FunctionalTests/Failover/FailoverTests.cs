using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>What fails before the first token is made good by the next endpoint, and the caller notices nothing.</summary>
public sealed class FailoverTests
{
    public static TheoryData<string, bool> EveryMisfortune
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in Misfortunes.Names)
            {
                data.Add(name, false);
                data.Add(name, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryMisfortune))]
    public async Task Failure_before_the_first_token_is_served_by_the_second_provider(string misfortune, bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", Misfortunes.Answer(misfortune));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        AssertServedByBeta(answer, stream);
        Assert.Single(alpha.Requests);
        Assert.Single(beta.Requests);
        var record = await environment.RecordAsync(answer.GenerationId);
        var attempts = record["provider_responses"]!.AsArray();
        Assert.Equal(["Provider alpha", "Provider beta"], attempts.Select(attempt => attempt!["provider_name"]!.GetValue<string>()));
        Assert.Equal(Misfortunes.Status(misfortune), attempts[0]!["status"]?.GetValue<int>());
        Assert.Equal(Misfortunes.Outcome(misfortune, stream), attempts[0]!["outcome"]!.GetValue<string>());
        Assert.Equal("served", attempts[1]!["outcome"]!.GetValue<string>());
        Assert.Equal(200, record["status"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_connection_is_served_by_the_second_provider(bool stream)
    {
        await using var environment = new TestEnvironment();
        environment.AddAbsent("alpha");
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        AssertServedByBeta(answer, stream);
        Assert.Single(beta.Requests);
        var attempts = (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!.AsArray();
        Assert.Equal("ConnectFailed", attempts[0]!["outcome"]!.GetValue<string>());
        Assert.Null(attempts[0]!["status"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fallback_model_serves_when_all_endpoints_of_the_first_model_fail(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        var beta = await environment.AddAsync("beta", OpenAIWire.Fails(503));
        var gamma = await environment.AddAsync("gamma", OpenAIWire.Says("Hello from two"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha), TestCatalog.Endpoint(beta)]);
        environment.Catalog.AddModel("acme/two", [TestCatalog.Endpoint(gamma)]);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream, "\"models\":[\"acme/two\"]");

        Assert.Equal("Hello from two", answer.Text);
        Assert.Equal("acme/two", answer.Json["model"]!.GetValue<string>());
        Assert.Equal(3, answer.Attempts);
        Assert.All([alpha, beta, gamma], provider => Assert.Single(provider.Requests));
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("acme/two", record["model"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mistake_of_the_caller_is_not_tried_at_another_endpoint_of_the_same_model(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha",
            OpenAIWire.Fails(400, "Invalid value for 'messages[0].content'.", "invalid_request_error", "invalid_value"));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(400, answer.Status);
        Assert.Equal(400, answer.Error!["code"]!.GetValue<int>());
        Assert.Equal("invalid_request", answer.Error["metadata"]!["error_type"]!.GetValue<string>());
        Assert.Contains("Invalid value for 'messages[0].content'.", answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(alpha.Requests);
        Assert.Empty(beta.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompt_too_long_for_one_endpoint_goes_to_a_larger_one_only(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha",
            OpenAIWire.Fails(400, "This model's maximum context length is 4096 tokens.", "invalid_request_error", "context_length_exceeded"));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        var gamma = await environment.AddAsync("gamma", OpenAIWire.Says("It fits"));
        environment.Catalog.AddModel("acme/one",
        [
            TestCatalog.Endpoint(alpha, more: new JsonObject { ["context_length"] = 4096 }),
            TestCatalog.Endpoint(beta, more: new JsonObject { ["context_length"] = 4096 }),
            TestCatalog.Endpoint(gamma, more: new JsonObject { ["context_length"] = 32_768 }),
        ]);
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("It fits", answer.Text);
        Assert.Empty(beta.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_makes_at_most_six_attempts(bool stream)
    {
        await using var environment = new TestEnvironment();
        var providers = new List<StubProvider>();
        foreach (var slug in (string[])["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"]) providers.Add(await environment.AddAsync(slug, OpenAIWire.Fails(500)));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(503, answer.Status);
        Assert.Equal([1, 1, 1, 1, 1, 1, 0, 0], providers.Select(provider => provider.Requests.Count));
        Assert.Equal(6, (await environment.RecordAsync(answer.GenerationId))["provider_responses"]!.AsArray().Count);
    }

    private static void AssertServedByBeta(CallerAnswer answer, bool stream)
    {
        Assert.Equal(200, answer.Status);
        Assert.Equal(stream, answer.IsStream);
        Assert.Equal("Hello from beta", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(stream, answer.IsDone);
        Assert.Null(answer.Error);
        Assert.Equal(2, answer.Attempts);
        Assert.Equal("beta", answer.Header("X-EdgeRouter-Provider"));
        Assert.Equal("Provider beta", answer.Json["provider"]!.GetValue<string>());
    }
}
