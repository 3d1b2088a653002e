using System.Text.Json.Nodes;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Budgets;

/// <summary>A region with tables of its own and a share of every limit, beside one that has the rest.</summary>
public sealed class RegionShareTests
{
    private static readonly (string, string)[] Shares = [("Budgets:Shares:swedencentral", "0.2"), ("Budgets:Account:Limit", "0.1"), ("Credits", "50")];

    [Theory]
    [InlineData("swedencentral", 0.2, 0.03)]
    [InlineData("eastus2", 0.8, 0.0075)]
    public async Task Key_credits_and_refusals_show_the_share_and_say_so(string region, decimal share, decimal limit)
    {
        // Enough for one request.
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000),
            [("Region", region), .. Shares, BudgetedRouter.Limit(limit)]);

        Assert.Equal(200, (await environment.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);

        var key = await BudgetedRouter.KeyAsync(environment.Router);
        Assert.Equal(share, key["region_share"]!.GetValue<decimal>());
        Assert.Equal((limit * share, 0.002019m), (key["limit"]!.GetValue<decimal>(), key["usage"]!.GetValue<decimal>()));
        Assert.Equal(limit * share - 0.002019m, key["limit_remaining"]!.GetValue<decimal>());
        var credits = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!;
        Assert.Equal((0.1m * share, 0.002019m, share), (credits["total_credits"]!.GetValue<decimal>(), credits["total_usage"]!.GetValue<decimal>(),
            credits["region_share"]!.GetValue<decimal>()));
        var refused = await environment.ChatAsync(stream: false, BudgetedRouter.Bounded);
        Assert.Equal(402, refused.Status);
        Assert.Equal((limit * share, share), (refused.Error!["metadata"]!["limit"]!.GetValue<decimal>(),
            refused.Error["metadata"]!["region_share"]!.GetValue<decimal>()));
    }

    [Fact]
    public async Task Without_shares_nothing_speaks_of_them()
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), BudgetedRouter.Limit(1));

        Assert.Null((await BudgetedRouter.KeyAsync(environment.Router)).AsObject()["region_share"]);
        Assert.DoesNotContain("region_share", await environment.Router.Management.GetStringAsync("/api/v1/credits"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Region_with_a_share_serves_and_tells_its_spending_while_the_tables_of_all_other_regions_are_away()
    {
        var tables = new SharedTables();
        await using var others = new TestEnvironment();
        await others.AddAsync("alpha", BudgetedRouter.Says(1000));
        await others.StartRouterAsync(services => services.AddSingleton<ITableStore>(tables), [("Region", "eastus2"), .. Shares]);
        await using var own = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), [("Region", "swedencentral"), .. Shares]);
        Assert.Equal(200, (await others.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status);

        tables.AreAway = true;

        // At most a tenth of what was left is in the lease.
        var served = 0;
        CallerAnswer refused;
        while ((refused = await others.ChatAsync(stream: false, BudgetedRouter.Bounded)).Status == 200) served++;
        Assert.Equal((503, "5"), (refused.Status, refused.Header("Retry-After")));
        Assert.InRange(served * 0.002019m, 0, 0.08m / 10);
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await own.ChatAsync(stream: i == 1, BudgetedRouter.Bounded)).Status);
        Assert.Equal(3 * 0.002019m, (await BudgetedRouter.KeyAsync(own.Router))["usage"]!.GetValue<decimal>());
        using var ready = await own.Router.Client.GetAsync("/health/ready");
        Assert.Equal(200, (int)ready.StatusCode);
    }

    [Theory]
    [InlineData("swedencentral", "swedencentral", 200)]
    [InlineData("swedencentral", "SwedenCentral", 200)]
    [InlineData("swedencentral", "eastus2", 409)]
    [InlineData("eastus2", "eastus2", 200)]
    [InlineData("eastus2", "westus3", 200)]
    [InlineData("eastus2", "swedencentral", 409)]
    [InlineData("eastus2", null, 400)]
    public async Task Adjustment_is_done_by_the_ledger_of_the_region_that_it_names_and_by_no_other(string here, string? named, int status)
    {
        await using var environment = await TestEnvironment.StartAsync(BudgetedRouter.Says(1000), [("Region", here), .. Shares]);
        var order = new JsonObject { ["account"] = true, ["amount"] = 0.05m, ["reason"] = "Test of shares", ["idempotency_key"] = "retried" };
        if (named is not null) order["region"] = named;

        using var answer = await environment.Router.Management.PostAsync("/api/v1/credits/adjustments",
            new StringContent(order.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)answer.StatusCode);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        if (status != 200) Assert.StartsWith("region:", body["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var credits = JsonNode.Parse(await environment.Router.Management.GetStringAsync("/api/v1/credits"))!["data"]!;
        Assert.Equal(status == 200 ? 0.05m : 0, credits["total_usage"]!.GetValue<decimal>());
    }

    private sealed class SharedTables : ITableStore
    {
        private readonly MemoryTableStore rows = new MemoryTableStore();

        public bool AreAway { get; set; }

        private MemoryTableStore Rows => AreAway ? throw new StorageUnavailableException("The region is away.") : rows;

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            Rows.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) => Rows.QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) => Rows.CommitAsync(table, partition, changes, cancellationToken);
    }
}
