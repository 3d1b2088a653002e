using System.Text.Json.Nodes;
using EdgeRouter.Core.Metering;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>However a request ends, its hold is settled by its record, once.</summary>
public sealed class SettlementTests
{
    private static readonly Dictionary<string, ProviderAnswer> Ends = new()
    {
        ["finished"] = OpenAIWire.Says("Hello"),
        ["without usage"] = ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"), OpenAIWire.Stop, OpenAIWire.Done),
        ["error event"] = ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"), $"data: {OpenAIWire.Error("The server had an error")}\n\n"),
        ["truncated"] = ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello")),
        ["silent after the first token"] = ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text("Hello")),
        ["silent before the first token"] = ProviderAnswer.Silence,
        ["refused by the provider"] = OpenAIWire.Fails(400, "Invalid value", "invalid_request_error"),
        ["failed"] = OpenAIWire.Fails(500),
    };

    public static TheoryData<string> EveryEnd => [.. Ends.Keys];

    [Theory]
    [MemberData(nameof(EveryEnd))]
    public async Task Hold_is_settled_by_the_record_however_the_request_ends(string end)
    {
        await using var environment = await TestEnvironment.StartAsync(Ends[end], BudgetedRouter.Limit(1), ("Limits:IdleSeconds", "0.3"),
            ("Limits:FirstTokenSeconds", "0.3"), ("Upstreams:HeadersSeconds", "0.3"));

        await environment.ChatAsync(stream: true, BudgetedRouter.Bounded);

        await Eventually.TrueAsync(() => environment.Tap.Records.Count == 1, "the record to be handed over");
        await BudgetedRouter.AssertSettledAsync(environment, environment.Tap.Records[0].Cost.ToDollars());
    }

    [Fact]
    public async Task Caller_who_leaves_pays_for_what_came()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text("Hello")),
            BudgetedRouter.Limit(1));
        using (var stream = await environment.OpenStreamAsync(BudgetedRouter.Bounded)) await stream.ReadToTextAsync("Hello");

        var record = await environment.Tap.FirstAsync();
        Assert.True(record.Cancelled && record.Cost.Value > 0);
        await BudgetedRouter.AssertSettledAsync(environment, record.Cost.ToDollars());
    }

    [Fact]
    public async Task Caller_who_leaves_before_the_first_token_pays_for_the_prompt()
    {
        await using var environment = await TestEnvironment.StartAsync(ProviderAnswer.Silence, BudgetedRouter.Limit(1));
        using var leaving = new CancellationTokenSource();
        var sending = environment.SendAsync(environment.Body(stream: false, BudgetedRouter.Bounded), leaving.Token);
        await environment["alpha"].WaitForRequestsAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);

        var record = await environment.Tap.FirstAsync();
        Assert.True(record.Cancelled && record.Cost.Value > 0);
        await BudgetedRouter.AssertSettledAsync(environment, record.Cost.ToDollars());
    }

    /// <summary>Output that nobody read is estimated: a typical answer, at most what the caller allows.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Caller_who_leaves_pays_for_the_rest_only_where_the_provider_goes_on(bool? abortStopsBilling, bool goesOn)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text("Hello")),
            more: new JsonObject { ["abort_stops_billing"] = abortStopsBilling });
        await environment.StartRouterAsync(BudgetedRouter.Limit(1), ("Limits:ReadOnAtOnce", "0"));
        using (var stream = await environment.OpenStreamAsync("\"max_tokens\":100")) await stream.ReadToTextAsync("Hello");

        var record = await environment.Tap.FirstAsync();
        Assert.Equal(goesOn ? UsageSource.Estimated : UsageSource.Counted, record.UsageSource);
        Assert.Equal(goesOn ? 100 : 2, record.Usage.Output);
        Assert.Equal((goesOn ? 100 : 2) * TestCatalog.CompletionPrice, record.CompletionCost.ToDollars());
        await BudgetedRouter.AssertSettledAsync(environment, record.Cost.ToDollars());
    }

    /// <summary>That the time is charged. How many tokens go into it, <c>OutputEstimateTests</c> show with a virtual clock.</summary>
    [Theory]
    [InlineData(true, 1, 499)]
    [InlineData(false, 500, 8192)]
    public async Task Lost_race_costs_its_prompt_its_time_and_an_answer_where_the_provider_goes_on(bool abortStopsBilling, int least, int most)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", ProviderAnswer.Silence, more: new JsonObject { ["abort_stops_billing"] = abortStopsBilling });
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1), ("Hedging:DelaySeconds", "0.1"));

        await environment.ChatAsync(stream: true);

        var record = await environment.Tap.FirstAsync();
        var lost = record.Attempts[0].Cost.ToDollars();
        Assert.InRange(record.Attempts[0].CompletionTokens!.Value, least, most);
        Assert.Equal(BudgetedRouter.Lost + record.Attempts[0].CompletionTokens!.Value * TestCatalog.CompletionPrice, lost);
        await BudgetedRouter.AssertSettledAsync(environment, record.Cost.ToDollars());
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("timed out")]
    public async Task Attempt_that_its_provider_may_charge_is_in_the_cost_and_in_the_hold(string end)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", end switch
        {
            "truncated" => ProviderAnswer.Stream(OpenAIWire.Role),
            "empty" => ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Stop, OpenAIWire.Done),
            _ => OpenAIWire.Fails(504),
        });
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(BudgetedRouter.Limit(1));

        var answer = await environment.ChatAsync(stream: true);

        Assert.Equal("Hello from beta", answer.Text);
        var record = await environment.Tap.FirstAsync();
        Assert.InRange(record.Attempts[0].Cost.ToDollars(), TestCatalog.PromptPrice, 50 * TestCatalog.PromptPrice);
        Assert.Equal(record.Cost.ToDollars(), answer.Usage!["cost"]!.GetValue<decimal>() + record.Attempts[0].Cost.ToDollars());
        await BudgetedRouter.AssertSettledAsync(environment, record.Cost.ToDollars());
    }
}
