using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>An endpoint that keeps failing is the last resort for a while, but never struck out.</summary>
public sealed class BreakerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endpoint_that_failed_enough_is_no_longer_tried_first(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        Assert.Equal(2, (await environment.ChatAsync(stream)).Attempts);
        for (var i = 0; i < 5; i++) await environment.ChatAsync(stream);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from beta", answer.Text);
        Assert.Equal(1, answer.Attempts);
        Assert.InRange(alpha.Requests.Count, 1, 3);
    }

    [Fact]
    public async Task Broken_endpoint_is_still_tried_when_the_others_fail()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: false);
        alpha.Answer = OpenAIWire.Says("Hello from alpha");
        beta.Answer = OpenAIWire.Fails(503);

        Assert.Equal("Hello from alpha", (await environment.ChatAsync(stream: false)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_endpoint_is_tried_even_when_it_is_broken(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(500));
        for (var i = 0; i < 5; i++) Assert.Equal(502, (await environment.ChatAsync(stream)).Status);
        environment["alpha"].Answer = OpenAIWire.Says("Hello again");

        Assert.Equal("Hello again", (await environment.ChatAsync(stream)).Text);
        Assert.Equal(6, environment["alpha"].Requests.Count);
    }

    [Fact]
    public async Task Mistakes_of_callers_do_not_open_the_breaker()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(400, "Invalid value", "invalid_request_error"));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        for (var i = 0; i < 8; i++) Assert.Equal(400, (await environment.ChatAsync(stream: false)).Status);

        Assert.Equal(8, alpha.Requests.Count);
    }

    [Fact]
    public async Task Endpoint_that_asked_to_wait_is_left_alone_for_that_long()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded"));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        for (var i = 0; i < 4; i++) Assert.Equal("Hello from beta", (await environment.ChatAsync(stream: false)).Text);

        Assert.Single(alpha.Requests);
    }

    [Fact]
    public async Task Only_endpoint_that_asked_to_wait_is_answered_for_with_429_and_the_time_left()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(429, "Rate limit reached", "requests", "rate_limit_exceeded"),
            ("Limits:RetryAfterSeconds", "0"));
        await environment.ChatAsync(stream: false);

        Assert.Equal(429, (await environment.ChatAsync(stream: false)).Status);
        Assert.Single(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Endpoint_that_recovers_is_tried_first_again_after_the_break()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        for (var i = 0; i < 3; i++) await environment.ChatAsync(stream: false);
        alpha.Answer = OpenAIWire.Says("Hello from alpha");

        await Eventually.NotNullAsync(async () => (await environment.ChatAsync(stream: false)) is { Text: "Hello from alpha" } answer ? answer : null,
            "alpha to serve again");
    }
}
