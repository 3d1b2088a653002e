using EdgeRouter.Core.Metering;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Streams;

/// <summary>A caller who hangs up stops the provider's work, and still has what was done on their record.</summary>
public sealed class CallerLeavesTests
{
    [Fact]
    public async Task Leaving_while_the_provider_pauses_closes_the_upstream_and_counts_what_came()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text("Hello")));
        string id;
        using (var stream = await environment.OpenStreamAsync())
        {
            await stream.ReadToTextAsync("Hello");
            id = stream.GenerationId;
        }

        await AssertClosedAtOnceAsync(environment["alpha"].Request);
        await AssertCancelledAndCountedAsync(environment, id);
    }

    [Fact]
    public async Task Leaving_while_tokens_flow_closes_the_upstream_and_counts_what_came()
    {
        await using var environment = await TestEnvironment.StartAsync(
            ProviderAnswer.Drip(OpenAIWire.Role, OpenAIWire.Text("Hello"), TimeSpan.FromMilliseconds(2)));
        // Again and again, since the router may be reading, writing or between the two at that moment.
        for (var caller = 0; caller < 10; caller++)
        {
            string id;
            using (var stream = await environment.OpenStreamAsync())
            {
                for (var i = 0; i <= caller; i++) await stream.ReadToTextAsync("Hello");
                id = stream.GenerationId;
            }

            await AssertClosedAtOnceAsync(environment["alpha"].Requests[caller]);
            await AssertCancelledAndCountedAsync(environment, id);
        }
        Assert.Equal(10, environment.Tap.Records.Count);
    }

    [Fact]
    public async Task Leaving_before_the_first_token_closes_the_upstream_without_failover()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync();
        await LeaveAsync(environment, stream: true);

        await AssertClosedAtOnceAsync(alpha.Request);
        await AssertCancelledBeforeAnythingAsync(environment);
        Assert.Empty(beta.Requests);
    }

    [Fact]
    public async Task Leaving_among_keep_alive_comments_closes_the_upstream_without_failover()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(("Limits:KeepAliveSeconds", "0.1"));
        using (var stream = await environment.OpenStreamAsync()) await stream.ReadToAsync(line => line.StartsWith(": ", StringComparison.Ordinal));

        await AssertClosedAtOnceAsync(alpha.Request);
        var record = await environment.Tap.FirstAsync();
        Assert.True(record.Cancelled);
        Assert.Equal(200, record.Status);
        Assert.Empty(beta.Requests);
    }

    [Fact]
    public async Task Leaving_an_answer_that_is_not_streamed_closes_the_upstream_without_failover()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync();
        await LeaveAsync(environment, stream: false);

        await AssertClosedAtOnceAsync(alpha.Request);
        await AssertCancelledBeforeAnythingAsync(environment);
        Assert.Empty(beta.Requests);
    }

    [Fact]
    public async Task Leaving_during_the_upload_calls_nobody_and_is_recorded()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"));
        await using (var connection = await RawCaller.ConnectAsync(environment.Router.Address))
            await connection.SendAsync($"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + $"Bearer {RouterUnderTest.InferenceKey}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"model\":");

        var record = await environment.Tap.FirstAsync();
        Assert.Empty(record.Attempts);
        Assert.Equal(NanoDollars.Zero, record.Cost);
        Assert.NotEqual(200, record.Status);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Callers_who_leave_do_not_count_against_the_provider()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync();
        for (var i = 1; i <= 4; i++)
        {
            await LeaveAsync(environment, stream: true, calls: i);
            await Eventually.TrueAsync(() => environment.Tap.Records.Count == i, "the cancelled request to be recorded");
        }
        alpha.Answer = OpenAIWire.Says("Hello from alpha");

        Assert.Equal("Hello from alpha", (await environment.ChatAsync(stream: true)).Text);
    }

    /// <summary>Sends a request and hangs up when it has reached the first provider.</summary>
    private static async Task LeaveAsync(TestEnvironment environment, bool stream, int calls = 1)
    {
        using var leaving = new CancellationTokenSource();
        var sending = environment.SendAsync(environment.Body(stream), leaving.Token);
        await environment["alpha"].WaitForRequestsAsync(calls);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    /// <summary>Called right after the caller hung up.</summary>
    private static async Task AssertClosedAtOnceAsync(ProviderRequest request)
    {
        var left = TimeProvider.System.GetTimestamp();
        var closed = await request.ClosedByRouter.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(TimeProvider.System.GetElapsedTime(left, closed) < Eventually.AtOnce);
    }

    private static async Task AssertCancelledAndCountedAsync(TestEnvironment environment, string id)
    {
        var record = await environment.EventualRecordAsync(id);
        Assert.True(record["cancelled"]!.GetValue<bool>());
        Assert.Equal("counted", record["usage_source"]!.GetValue<string>());
        Assert.True(record["tokens_prompt"]!.GetValue<int>() > 0);
        Assert.True(record["tokens_completion"]!.GetValue<int>() > 0);
        Assert.True(record["usage"]!.GetValue<decimal>() > 0);
        Assert.Equal(200, record["status"]!.GetValue<int>());
        Assert.Null(record["error_type"]);
    }

    private static async Task AssertCancelledBeforeAnythingAsync(TestEnvironment environment)
    {
        var record = await environment.Tap.FirstAsync();
        Assert.True(record.Cancelled);
        Assert.Equal(499, record.Status);
        Assert.Null(record.Model);
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal("CallerGone", attempt.Outcome);
        // The provider had the prompt: that much is assumed to be charged.
        Assert.True(attempt.Cost > NanoDollars.Zero);
        Assert.Equal(attempt.Cost, record.Cost);
        Assert.Single(environment.Tap.Records);
    }
}
