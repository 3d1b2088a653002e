using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>A silent provider gets a second one beside it; the first to answer serves.</summary>
public sealed class HedgingTests
{
    private static readonly (string, string) Soon = ("Hedging:DelaySeconds", "0.1");
    private static readonly TimeSpan LongerThanSoon = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silent_provider_loses_to_the_one_started_beside_it_and_its_cost_is_recorded(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from beta", answer.Text);
        Assert.Equal(2, answer.Attempts);
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
        Assert.False(beta.Request.ClosedByRouter.IsCompleted);
        var record = await environment.RecordAsync(answer.GenerationId);
        var attempts = record["provider_responses"]!.AsArray();
        Assert.Equal(["Cancelled", "served"], attempts.Select(attempt => attempt!["outcome"]!.GetValue<string>()));
        var lost = attempts[0]!["cost"]!.GetValue<decimal>();
        Assert.True(lost > 0);
        Assert.Equal(0, attempts[1]!["cost"]!.GetValue<decimal>());
        Assert.Equal(answer.Usage!["cost"]!.GetValue<decimal>() + lost, record["usage"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silent_providers_are_never_asked_three_at_a_time(bool stream)
    {
        await using var environment = new TestEnvironment();
        foreach (var slug in (string[])["alpha", "beta"]) await environment.AddAsync(slug, ProviderAnswer.Silence);
        var gamma = await environment.AddAsync("gamma", OpenAIWire.Says("Hello from gamma"));
        await environment.StartRouterAsync(Soon, ("Limits:TotalSeconds", "2"));

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(504, answer.Status);
        Assert.Empty(gamma.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task First_provider_serves_when_it_answers_before_the_one_beside_it(bool stream)
    {
        await using var environment = new TestEnvironment();
        StubProvider? beta = null;
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello from alpha").After(() => beta!.WaitForRequestsAsync()));
        beta = await environment.AddAsync("beta", ProviderAnswer.Silence);
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from alpha", answer.Text);
        await beta.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(["served", "Cancelled"], record["provider_responses"]!.AsArray().Select(attempt => attempt!["outcome"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_beside_a_slow_provider_does_not_end_it(bool stream)
    {
        await using var environment = new TestEnvironment();
        StubProvider? beta = null;
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello from alpha").After(LongerThanSoon).After(() => beta!.WaitForRequestsAsync()));
        beta = await environment.AddAsync("beta", OpenAIWire.Fails(500));
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from alpha", answer.Text);
        Assert.Single(beta.Requests);
        Assert.Null(answer.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_of_two_empty_answers_side_by_side_is_the_answer(bool stream)
    {
        await using var environment = new TestEnvironment();
        using var both = new Barrier(2);
        var silent = ProviderAnswer.OverHttp(async (context, request) =>
        {
            // Neither answers before both were asked.
            await Task.Run(() => both.SignalAndWait(Eventually.AtOnce));
            await OpenAIWire.Says("").Http!(context, request);
        });
        foreach (var slug in (string[])["alpha", "beta"]) await environment.AddAsync(slug, silent);
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal((200, "", "stop", 2), (answer.Status, answer.Text, answer.FinishReason, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mistake_of_the_caller_ends_the_request_while_another_provider_of_the_model_is_silent(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.Silence);
        await environment.AddAsync("beta", OpenAIWire.Fails(400, "Invalid value", "invalid_request_error"));
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream);

        Assert.Equal(400, answer.Status);
        await alpha.Request.ClosedByRouter.WaitAsync(Eventually.AtOnce);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mistake_at_the_fallback_model_does_not_end_the_first_model(bool stream)
    {
        await using var environment = new TestEnvironment();
        StubProvider? beta = null;
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello from one").After(LongerThanSoon).After(() => beta!.WaitForRequestsAsync()));
        beta = await environment.AddAsync("beta", OpenAIWire.Fails(400, "Invalid value", "invalid_request_error"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha)]);
        environment.Catalog.AddModel("acme/two", [TestCatalog.Endpoint(beta)]);
        await environment.StartRouterAsync(Soon);

        var answer = await environment.ChatAsync(stream, "\"models\":[\"acme/two\"]");

        Assert.Equal("Hello from one", answer.Text);
        Assert.Single(beta.Requests);
    }

    [Theory]
    [InlineData("\"provider\":{\"order\":[\"alpha\",\"beta\"],\"hedge\":false}", "5")]
    [InlineData("", "0")]
    public async Task Slow_provider_is_waited_for_when_the_caller_declines_or_no_share_of_the_requests_may_hedge(string more, string percent)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello from alpha").After(LongerThanSoon));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(Soon, ("Hedging:MaxPercent", percent));

        var answer = await environment.ChatAsync(stream: true, more);

        Assert.Equal("Hello from alpha", answer.Text);
        Assert.Empty(beta.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_hedging_a_slow_provider_is_waited_for(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello from alpha").After(LongerThanSoon));
        var beta = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        await environment.StartRouterAsync(Soon, ("Hedging:Enabled", "false"));

        var answer = await environment.ChatAsync(stream);

        Assert.Equal("Hello from alpha", answer.Text);
        Assert.Empty(beta.Requests);
    }
}
