using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>Every attempt is covered before it starts: one that cannot be paid for is not made.</summary>
public sealed class AttemptTests
{
    private static readonly (string, string) Soon = ("Hedging:DelaySeconds", "0.1");
    private static readonly TimeSpan LongerThanSoon = TimeSpan.FromMilliseconds(500);

    /// <summary>What is charged for a prompt that was sent for nothing: 13 bytes of text and one message.</summary>
    private const decimal PromptCost = 8 * TestCatalog.PromptPrice;

    // The provider worked, but nothing came of it: it may charge for that.
    private static readonly ProviderAnswer Nothing = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role), ProviderAnswer.Body(200,
        """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":""}"""
            + ""","finish_reason":"stop"}]}"""));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_after_a_refusal_of_the_provider_uses_the_money_of_the_first_attempt(bool stream)
    {
        await using var environment = await StartAsync(OpenAIWire.Fails(500), OpenAIWire.Says("Hello from beta"), holds: 1.5m, stream);

        Assert.Equal("Hello from beta", (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Text);
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_that_cannot_be_paid_beside_what_the_first_may_have_cost_is_not_made(bool stream)
    {
        await using var environment = await StartAsync(Nothing, OpenAIWire.Says("Never said"), holds: 1.5m, stream);

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        Assert.Equal(402, answer.Status);
        Assert.Single(environment["alpha"].Requests);
        Assert.Empty(environment["beta"].Requests);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal("refused", record["provider_responses"]![1]!["outcome"]!.GetValue<string>());
        await BudgetedRouter.AssertSettledAsync(environment, PromptCost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_that_can_be_paid_beside_what_the_first_may_have_cost_is_made(bool stream)
    {
        await using var environment = await StartAsync(Nothing, OpenAIWire.Says("Hello from beta"), holds: 2.5m, stream);

        Assert.Equal("Hello from beta", (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Text);
        await BudgetedRouter.AssertSettledAsync(environment, PromptCost + BudgetedRouter.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_to_a_provider_that_is_cheap_enough_is_made(bool stream)
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", Nothing);
        var dear = await environment.AddAsync("beta", OpenAIWire.Says("Never said"));
        var cheap = await environment.AddAsync("gamma", OpenAIWire.Says("Hello from gamma"));
        environment.Catalog.AddModel(TestEnvironment.Model,
            [TestCatalog.Endpoint(alpha), TestCatalog.Endpoint(dear),
            TestCatalog.Endpoint(cheap, TestCatalog.PromptPrice / 4, TestCatalog.CompletionPrice / 4)]);
        await environment.StartRouterAsync(BudgetedRouter.Limit(1.5m * BudgetedRouter.HoldOf(environment, stream)));

        Assert.Equal("Hello from gamma", (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Text);
        Assert.Empty(dear.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hedge_that_cannot_be_paid_does_not_start(bool stream)
    {
        await using var environment = await StartAsync(OpenAIWire.Says("Hello from alpha").After(LongerThanSoon), OpenAIWire.Says("Never said"), holds: 1.5m,
            stream);

        Assert.Equal("Hello from alpha", (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Text);
        Assert.Empty(environment["beta"].Requests);
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hedge_that_can_be_paid_starts_and_its_loser_is_counted(bool stream)
    {
        await using var environment = await StartAsync(ProviderAnswer.Silence, OpenAIWire.Says("Hello from beta"), holds: 2.5m, stream);

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        Assert.Equal("Hello from beta", answer.Text);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.True(record["usage"]!.GetValue<decimal>() > BudgetedRouter.Cost);
        await BudgetedRouter.AssertSettledAsync(environment, record["usage"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Provider_that_could_not_be_paid_beside_the_first_is_there_when_the_first_fails(bool stream)
    {
        await using var environment = await StartAsync(OpenAIWire.Fails(500).After(LongerThanSoon), OpenAIWire.Says("Hello from beta"), holds: 1.5m, stream);

        Assert.Equal("Hello from beta", (await environment.ChatAsync(stream, BudgetedRouter.Bounded)).Text);
        await BudgetedRouter.AssertSettledAsync(environment, BudgetedRouter.Cost);
    }

    private static async Task<TestEnvironment> StartAsync(ProviderAnswer alpha, ProviderAnswer beta, decimal holds, bool stream)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", alpha);
        await environment.AddAsync("beta", beta);
        await environment.StartRouterAsync(Soon, BudgetedRouter.Limit(holds * BudgetedRouter.HoldOf(environment, stream)));
        return environment;
    }
}
