using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>The error when nobody could serve.</summary>
public sealed class AllAttemptsFailTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_transient_failures_are_503_with_the_earlier_ones_listed(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(500, "First provider is down.", code: "internal_error"));
        environment.AddAbsent("beta");
        await environment.AddAsync("gamma", OpenAIWire.Fails(503, "Third provider is full."));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        AssertEnvelope(answer, 503, "provider_overloaded");
        Assert.Contains("Third provider is full.", answer.Error!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var metadata = answer.Error["metadata"]!;
        Assert.Equal("Provider gamma", metadata["provider_name"]!.GetValue<string>());
        var previous = metadata["previous_errors"]!.AsArray();
        Assert.Equal(["Provider alpha", "Provider beta"], previous.Select(error => error!["provider"]!.GetValue<string>()));
        Assert.Equal([500, 502], previous.Select(error => error!["status"]!.GetValue<int>()));
        Assert.Equal("internal_error", previous[0]!["code"]!.GetValue<string>());
        var availability = answer.Error["availability"]!;
        Assert.Equal("temporarily_unavailable", availability["code"]!.GetValue<string>());
        Assert.True(availability["retryable"]!.GetValue<bool>());
        Assert.Equal(["acme/one"], availability["requested_models"]!.AsArray().Select(model => model!.GetValue<string>()));
        Assert.Equal(["Provider alpha", "Provider beta", "Provider gamma"],
            availability["affected_providers"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rate_limits_everywhere_are_429_with_the_shortest_wait(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded", ("Retry-After", "30")));
        await environment.AddAsync("beta", OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded", ("retry-after-ms", "4200")));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        AssertEnvelope(answer, 429, "rate_limit_exceeded");
        Assert.Equal("5", answer.Header("Retry-After"));
        Assert.Equal("capacity_exhausted", answer.Error!["availability"]!["code"]!.GetValue<string>());
        Assert.Equal(5, answer.Error["availability"]!["retry_after"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_that_no_provider_has_any_more_is_404(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(404, "The model does not exist.", "invalid_request_error",
            "model_not_found"));

        var answer = await environment.ChatAsync(stream);

        AssertEnvelope(answer, 404, "not_found");
        Assert.Equal("model_unavailable_upstream", answer.Error!["availability"]!["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_of_our_credential_is_502_that_does_not_quote_it(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(401, "Incorrect API key provided: sk-provider-alpha-0123456789abcdef.",
            "invalid_request_error", "invalid_api_key"));

        var answer = await environment.ChatAsync(stream);

        AssertEnvelope(answer, 502, "provider_unavailable");
        Assert.DoesNotContain(environment["alpha"].ApiKey, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Long_provider_message_is_bounded(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(500, new string('x', 50_000)));

        var answer = await environment.ChatAsync(stream);

        AssertEnvelope(answer, 502, "provider_unavailable");
        Assert.InRange(answer.Body.Length, 1, 4000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_says_how_many_attempts_were_made_and_what_the_router_itself_took(bool stream)
    {
        await using var environment = new TestEnvironment();
        var wait = TimeSpan.FromSeconds(1);
        await environment.AddAsync("alpha", OpenAIWire.Fails(500).After(wait));
        await environment.AddAsync("beta", OpenAIWire.Fails(500));
        await environment.StartRouterAsync();

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(2, answer.Attempts);
        var overhead = long.Parse(answer.Header("X-EdgeRouter-Overhead-Microseconds")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(overhead, 1, (wait / 2).TotalMicroseconds); // the provider's second is not the router's
        var early = await environment.ChatAsync(stream, "\"temperature\":9");
        Assert.Equal(0, early.Attempts);
    }

    private static void AssertEnvelope(CallerAnswer answer, int status, string errorType)
    {
        Assert.False(answer.IsStream);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status, answer.Error!["code"]!.GetValue<int>());
        Assert.Equal(errorType, answer.Error["metadata"]!["error_type"]!.GetValue<string>());
    }
}
