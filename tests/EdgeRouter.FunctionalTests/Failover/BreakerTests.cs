using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>An endpoint that keeps failing is the last resort for a while, but never struck out. How many failures that takes is the breaker's business; here it is "a few".</summary>
public sealed class BreakerTests
{
    private const int AFew = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endpoint_that_failed_a_few_times_is_no_longer_tried_first(bool stream)
    {
        await using var environment = await BrokenAlphaAndGoodBetaAsync();
        var alpha = environment["alpha"];

        await AskUntilBrokenAsync(environment, stream);
        var before = alpha.Requests.Count;
        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from beta", answer.Text);
        Assert.Equal(1, answer.Attempts);
        Assert.Equal(before, alpha.Requests.Count);
    }

    [Fact]
    public async Task Broken_endpoint_is_still_tried_when_the_others_fail()
    {
        await using var environment = await BrokenAlphaAndGoodBetaAsync();
        await AskUntilBrokenAsync(environment, stream: false);
        environment["alpha"].Answer = OpenAIWire.Says("Hello from alpha");
        environment["beta"].Answer = OpenAIWire.Fails(503);

        Assert.Equal("Hello from alpha", (await environment.ChatAsync(stream: false)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_endpoint_is_tried_even_when_it_is_broken(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Fails(500));
        for (var i = 0; i < AFew; i++) Assert.Equal(502, (await environment.ChatAsync(stream)).Status);
        environment["alpha"].Answer = OpenAIWire.Says("Hello again");

        Assert.Equal("Hello again", (await environment.ChatAsync(stream)).Text);
        Assert.Equal(AFew + 1, environment["alpha"].Requests.Count);
    }

    [Fact]
    public async Task Mistakes_of_callers_do_not_open_the_breaker()
    {
        await using var environment = await BrokenAlphaAndGoodBetaAsync();
        environment["alpha"].Answer = OpenAIWire.Fails(400, "Invalid value", "invalid_request_error");

        for (var i = 0; i < AFew; i++) Assert.Equal(400, (await environment.ChatAsync(stream: false)).Status);

        Assert.Equal(AFew, environment["alpha"].Requests.Count);
        Assert.Empty(environment["beta"].Requests);
    }

    [Fact]
    public async Task Endpoint_that_recovers_is_tried_first_again_after_the_break()
    {
        await using var environment = await BrokenAlphaAndGoodBetaAsync();
        await AskUntilBrokenAsync(environment, stream: false);
        environment["alpha"].Answer = OpenAIWire.Says("Hello from alpha");

        await Eventually.NotNullAsync(async () => await environment.ChatAsync(stream: false) is { Text: "Hello from alpha" } answer ? answer : null, "alpha serves again");
    }

    private static async Task<TestEnvironment> BrokenAlphaAndGoodBetaAsync()
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        return environment;
    }

    private static async Task AskUntilBrokenAsync(TestEnvironment environment, bool stream)
    {
        for (var i = 0; i < AFew; i++)
            if ((await environment.ChatAsync(stream)).Attempts == 1) return;
        Assert.Fail($"After {AFew} failures alpha was still tried first.");
    }
}
