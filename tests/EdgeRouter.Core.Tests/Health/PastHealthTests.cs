using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

public sealed class PastHealthTests
{
    private readonly VirtualTimeProvider time = new();
    private readonly MemoryTableStore store = new MemoryTableStore();

    [Fact]
    public async Task A_days_statistics_outlive_the_instances_that_made_them()
    {
        await LiveAsync("one", successes: 30);
        await LiveAsync("two", successes: 12);
        time.Advance(TimeSpan.FromHours(1.1));

        Assert.Equal(2, await MergeAsync());

        time.Advance(TimeSpan.FromHours(5));
        var (cold, exchange) = Instance("cold");
        await exchange.LoadAsync();
        Assert.Equal(42, cold.Alpha.Statistics(HealthWindow.OneDay).Successes);
        Assert.Equal(0, cold.Alpha.Statistics(HealthWindow.ThirtyMinutes).Successes);
        Assert.Equal(["past:2026112008"], await RowsAsync());
    }

    [Fact]
    public async Task Instances_that_still_write_keep_their_rows()
    {
        await LiveAsync("one", successes: 1);
        time.Advance(TimeSpan.FromHours(0.9));

        Assert.Equal(0, await MergeAsync());
        Assert.Equal(["one"], await RowsAsync());
    }

    [Fact]
    public async Task Instances_that_go_in_the_same_hour_share_a_row_whenever_they_are_taken_in()
    {
        await LiveAsync("one", successes: 5);
        time.Advance(TimeSpan.FromMinutes(30));
        await LiveAsync("two", successes: 7);
        time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(1, await MergeAsync());
        time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(1, await MergeAsync());

        var (cold, exchange) = Instance("cold");
        await exchange.LoadAsync();

        Assert.Equal(["past:2026112008"], await RowsAsync());
        Assert.Equal(12, cold.Alpha.Statistics(HealthWindow.OneDay).Successes);
    }

    [Fact]
    public async Task Whoever_knew_the_instance_does_not_count_it_twice_afterwards()
    {
        var (here, exchange) = Instance("here");
        await LiveAsync("gone", successes: 9);
        await exchange.ExchangeAsync();
        time.Advance(TimeSpan.FromHours(1.1));
        await exchange.ExchangeAsync();
        await MergeAsync();

        await exchange.ExchangeAsync();

        Assert.Equal(9, here.Alpha.Statistics(HealthWindow.OneDay).Successes);
    }

    [Fact]
    public async Task After_a_day_they_are_forgotten()
    {
        await LiveAsync("one", successes: 5);
        time.Advance(TimeSpan.FromHours(1.1));
        await MergeAsync();
        time.Advance(TimeSpan.FromHours(23));

        var (cold, exchange) = Instance("cold");
        await exchange.LoadAsync();

        Assert.Empty(await RowsAsync());
        Assert.Equal(0, cold.Alpha.Statistics(HealthWindow.OneDay).Successes);
    }

    [Fact]
    public async Task Two_that_take_in_at_once_take_each_instance_in_once()
    {
        for (var number = 0; number < 150; number++) await LiveAsync($"i{number}", successes: 1);
        time.Advance(TimeSpan.FromHours(1.1));

        for (var left = 150; left > 0;)
        {
            var taken = await Task.WhenAll(Task.Run(MergeAsync), Task.Run(MergeAsync));
            Assert.True(taken.Sum() > 0);
            left -= taken.Sum();
        }

        var (cold, exchange) = Instance("cold");
        await exchange.LoadAsync();
        Assert.Equal(150, cold.Alpha.Statistics(HealthWindow.OneDay).Successes);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_left_to_those_who_can()
    {
        await store.CommitAsync(HealthExchange.Table, "instances",
            [TableChange.Upsert("newer", new Dictionary<string, object> { ["Sequence"] = 1L, ["Taken"] = time.GetUtcNow(), ["Data0"] = new byte[] { 250 } })]);
        time.Advance(TimeSpan.FromHours(1.1));

        Assert.Equal(0, await MergeAsync());
        Assert.Equal(["newer"], await RowsAsync());
    }

    private Task<int> MergeAsync() => new PastHealth(store, time).MergeAsync();

    private async Task<string[]> RowsAsync() => [.. (await store.QueryAsync(HealthExchange.Table, "instances", RowRange.All)).Rows.Select(row => row.Row)];

    private async Task LiveAsync(string name, int successes)
    {
        var (health, exchange) = Instance(name);
        for (var i = 0; i < successes; i++) health.Attempt(AttemptResult.Answered, firstToken: 1);
        await exchange.ExchangeAsync();
    }

    private (HealthFixture Health, HealthExchange Exchange) Instance(string name)
    {
        var health = new HealthFixture(time);
        return (health, new HealthExchange(store, health.Registry, new FixedCatalog(health.Catalog), name));
    }

    private sealed class FixedCatalog(CatalogSnapshot snapshot) : ICatalog
    {
        public CatalogSnapshot Current => snapshot;
    }
}
