using System.Text.Json.Nodes;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>What may be spent, and what a caller hears who wants more.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_that_the_key_cannot_afford_is_402_and_reaches_no_provider(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"), BudgetedRouter.Limit(0.003m),
            ("Budgets:Inference:Reset", "daily"));

        var answer = await environment.ChatAsync(stream, BudgetedRouter.Bounded);

        Assert.Equal(402, answer.Status);
        Assert.Equal(402, answer.Error!["code"]!.GetValue<int>());
        Assert.Matches(@"^This request requires more credits, or fewer max_tokens\. It may cost up to \$0\.004\d* and the key's daily limit of \$0\.003 has "
            + @"\$0\.003 left: you requested up to 1000 tokens, but can only afford \d{3}\.$", answer.Error["message"]!.GetValue<string>());
        var metadata = answer.Error["metadata"]!;
        Assert.Equal("payment_required", metadata["error_type"]!.GetValue<string>());
        Assert.Equal("key", metadata["level"]!.GetValue<string>());
        Assert.Equal(0.003m, metadata["limit"]!.GetValue<decimal>());
        Assert.Equal(0.003m, metadata["limit_remaining"]!.GetValue<decimal>());
        Assert.Equal("daily", metadata["limit_reset"]!.GetValue<string>());
        Assert.Equal(BudgetedRouter.HoldOf(environment, stream), metadata["requested"]!.GetValue<decimal>());
        Assert.EndsWith("T00:00:00Z", metadata["resets_at"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(environment["alpha"].Requests);
        var record = await environment.RecordAsync(answer.GenerationId);
        Assert.Equal(402, record["status"]!.GetValue<int>());
        Assert.Equal(0, record["usage"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Caller_who_asks_for_no_more_than_the_tokens_named_in_the_refusal_is_served()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"), BudgetedRouter.Limit(0.003m));
        var refusal = (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Error!["message"]!.GetValue<string>();
        var affordable = refusal[(refusal.LastIndexOf(' ') + 1)..^1];

        // One byte less in the body is one token less of prompt.
        Assert.Equal(200, (await environment.ChatAsync(stream: false, $"\"max_tokens\":{affordable}")).Status);
    }

    [Fact]
    public async Task What_was_spent_is_not_there_for_the_next_request()
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), BudgetedRouter.Limit(0.006m));

        Assert.Equal(200, (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);
        var refused = await environment.ChatAsync(stream: true, BudgetedRouter.Bounded);

        Assert.Equal(402, refused.Status);
        Assert.Equal(0.006m - 0.002019m, refused.Error!["metadata"]!["limit_remaining"]!.GetValue<decimal>());
        Assert.Single(environment["alpha"].Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_requests_at_once_against_a_budget_for_ten_reach_the_provider_ten_times(bool stream)
    {
        await using var environment = new TestEnvironment();
        var release = new TaskCompletionSource();
        var alpha = await environment.AddAsync("alpha", ProviderAnswer.OverHttp(async (context, request) =>
        {
            await release.Task.WaitAsync(context.RequestAborted);
            await BudgetedRouter.Says(1000).Http!(context, request);
        }));
        await environment.StartRouterAsync(BudgetedRouter.Limit(10.5m * BudgetedRouter.HoldOf(environment, stream)));

        var calls = Enumerable.Range(0, 50).Select(_ => environment.ChatAsync(stream, BudgetedRouter.Bounded)).ToArray();
        await Eventually.TrueAsync(() => calls.Count(call => call.IsCompleted) == 40, "forty requests to be refused");
        // Those that were admitted may still be on their way to the provider.
        await Eventually.TrueAsync(() => alpha.Requests.Count >= 10, "ten requests to reach the provider");
        release.SetResult();
        var answers = await Task.WhenAll(calls);

        Assert.Equal(10, alpha.Requests.Count);
        Assert.Equal(10, answers.Count(answer => answer.Status == 200));
        Assert.Equal(40, answers.Count(answer => answer.Status == 402));
        await BudgetedRouter.AssertSettledAsync(environment, 10 * 0.002019m);
    }

    [Fact]
    public async Task Account_bounds_the_key_that_has_no_limit_and_is_told_as_credits()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"), ("Budgets:Account:Limit", "0.001"), ("Credits", "77"));

        var answer = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        Assert.Equal(402, answer.Status);
        Assert.Equal("account", answer.Error!["metadata"]!["level"]!.GetValue<string>());
        Assert.Contains("the account's limit of $0.001", answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("cannot afford its prompt", answer.Error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null((await BudgetedRouter.KeyAsync(environment.Router))["limit"]);
        var credits = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!;
        Assert.Equal(0.001m, credits["total_credits"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Credits_of_a_limit_that_resets_are_compared_with_what_was_spent_since_it_did()
    {
        await using var environment = new TestEnvironment();
        var time = new VirtualTimeProvider(new DateTimeOffset(2026, 11, 30, 23, 50, 0, TimeSpan.Zero));
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services => services.AddSingleton<TimeProvider>(time), ("Budgets:Account:Limit", "5"),
            ("Budgets:Account:Reset", "monthly"));
        var cost = (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Usage!["cost"]!.GetValue<decimal>();

        Assert.Equal((5m, cost), await CreditsAsync(environment));
        time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((5m, 0m), await CreditsAsync(environment));
    }

    [Fact]
    public async Task Key_tells_its_limit_and_what_is_left_of_it()
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"), BudgetedRouter.Limit(2.5m),
            ("Budgets:Inference:Reset", "monthly"), ("Budgets:Management:Limit", "7"));
        await environment.ChatAsync(stream: false);
        await environment.ChatAsync(stream: true);

        var key = await BudgetedRouter.KeyAsync(environment.Router);
        Assert.Equal(2.5m, key["limit"]!.GetValue<decimal>());
        Assert.Equal(2.5m - 2 * BudgetedRouter.Cost, key["limit_remaining"]!.GetValue<decimal>());
        Assert.Equal("monthly", key["limit_reset"]!.GetValue<string>());
        Assert.Equal(2 * BudgetedRouter.Cost, key["usage_monthly"]!.GetValue<decimal>());
        var management = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/key"))!["data"]!;
        Assert.Equal(7, management["limit_remaining"]!.GetValue<decimal>());
        Assert.Null(management["limit_reset"]);
    }

    [Fact]
    public async Task Model_without_a_price_to_pay_is_served_when_nothing_is_left()
    {
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha)]);
        environment.Catalog.AddModel("acme/free", [TestCatalog.Endpoint(alpha, 0, 0)]);
        await environment.StartRouterAsync(BudgetedRouter.Limit(0));

        Assert.Equal(402, (await environment.ChatAsync(stream: false)).Status);
        Assert.Equal(200, (await environment.ChatAsync(stream: false, model: "acme/free")).Status);
    }

    [Fact]
    public async Task Answer_that_came_longer_than_was_asked_for_is_counted_in_full_and_said_in_the_log()
    {
        using var logs = new CollectedLogs();
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", BudgetedRouter.Says(completionTokens: 5_000, new string('x', 20_000)));
        await environment.StartRouterAsync(services => services.AddSingleton<ILoggerProvider>(logs), BudgetedRouter.Limit(5));

        Assert.Equal(200, (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);

        await BudgetedRouter.AssertSettledAsync(environment, 0.010019m);
        Assert.Contains(logs.Entries, entry => entry.Contains("cost $0.010019, more than the $0.004", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Spending_outlives_the_process()
    {
        using var folder = new TemporaryFolder();
        var storage = ("Storage", "file:" + folder.Path);
        await using (var before = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), storage, BudgetedRouter.Limit(0.006m))) await before.ChatAsync(
            stream: true, BudgetedRouter.Bounded);
        await using var after = await TestEnvironment.StartAsync(OpenAIWire.Says("Never said"), storage, BudgetedRouter.Limit(0.006m));

        var refused = await after.ChatAsync(stream: false, BudgetedRouter.Bounded);

        Assert.Equal(402, refused.Status);
        // All of the rest is there again: the first process gave its lease back.
        Assert.Equal(0.006m - 0.002019m, refused.Error!["metadata"]!["limit_remaining"]!.GetValue<decimal>());
    }

    [Theory]
    [InlineData("refuse", 503)]
    [InlineData("serve", 200)]
    public async Task Without_its_ledger_the_router_does_what_the_operator_chose(string choice, int status)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services => services.AddSingleton<ITableStore, StoreWithoutLedger>(), BudgetedRouter.Limit(1),
            ("Budgets:WithoutLedger", choice));

        var answer = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 503 ? "5" : null, answer.Header("Retry-After"));
        Assert.Equal(status == 200 ? 1 : 0, environment["alpha"].Requests.Count);
    }

    /// <summary>Keeps everything but budgets, which it cannot reach.</summary>
    private sealed class StoreWithoutLedger : ITableStore
    {
        private readonly MemoryTableStore rest = new MemoryTableStore();

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            Reach(table).GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            Reach(table).QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) =>
            Reach(table).CommitAsync(table, partition, changes, cancellationToken);

        private MemoryTableStore Reach(string table) => table == "budgets" ? throw new StorageUnavailableException("The line is cut.") : rest;
    }

    private static async Task<(decimal Total, decimal Used)> CreditsAsync(TestEnvironment environment)
    {
        var credits = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!;
        return (credits["total_credits"]!.GetValue<decimal>(), credits["total_usage"]!.GetValue<decimal>());
    }
}
