using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>Every wait has its end.</summary>
public sealed class TimeoutTests
{
    [Fact]
    public async Task Stream_without_a_first_token_in_time_is_served_by_the_second_provider()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(": waiting\n\n", OpenAIWire.Role));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(("Limits:FirstTokenSeconds", "1"));

        await AssertServedByBetaAsync(environment, "FirstTokenTimeout");
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }

    [Fact]
    public async Task Provider_that_was_cut_off_for_its_silence_has_read_the_prompt_and_that_is_counted()
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(OpenAIWire.Role));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(("Limits:FirstTokenSeconds", "0.5"));

        var answer = await environment.ChatAsync(stream: true);

        var record = await environment.RecordAsync(answer.GenerationId);
        var lost = record["provider_responses"]![0]!["cost"]!.GetValue<decimal>();
        Assert.True(lost > 0);
        Assert.Equal(answer.Usage!["cost"]!.GetValue<decimal>() + lost, record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Stream_without_headers_in_time_is_served_by_the_second_provider()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(("Upstreams:HeadersSeconds", "1"));

        await AssertServedByBetaAsync(environment, "HeadersTimeout");
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }

    [Fact]
    public async Task First_token_timeout_everywhere_is_504()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Role), ("Limits:FirstTokenSeconds", "1"));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal(504, answer.Status);
        Assert.Equal("timeout", answer.Error!["metadata"]!["error_type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_that_outlives_its_total_time_is_504_without_further_attempts(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(("Limits:TotalSeconds", "1"));

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(504, answer.Status);
        Assert.Empty(beta.Requests);
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
        Assert.Equal("TotalTimeout", (await environment.RecordAsync(answer.GenerationId))["provider_responses"]![0]!["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stream_that_outlives_its_total_time_ends_with_an_error_event()
    {
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.Drip(OpenAIWire.Role, OpenAIWire.Text("x"), TimeSpan.FromMilliseconds(20)), ("Limits:TotalSeconds", "1"));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal(504, answer.Error!["code"]!.GetValue<int>());
        Assert.False(answer.IsDone);
    }

    private static async Task AssertServedByBetaAsync(TestEnvironment environment, string outcomeOfAlpha)
    {
        var answer = await environment.ChatAsync(stream: true);
        Assert.Equal("Hello from beta", answer.Text);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal([outcomeOfAlpha, "served"], record["provider_responses"]!.AsArray().Select(attempt => attempt!["outcome"]!.GetValue<string>()));
    }
}
