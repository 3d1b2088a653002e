using EdgeRouter.FunctionalTests.Stubs;
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

        await Eventually.HoldsAsync(() => environment.Tap.Records.Count == 1, "the record is handed over");
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
}
