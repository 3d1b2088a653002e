using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>Sharing through the store.</summary>
public sealed class HealthExchangeTests
{
    private readonly VirtualTimeProvider time = new();
    private readonly MemoryTableStore store = new MemoryTableStore();

    [Fact]
    public async Task A_cold_instance_starts_from_what_the_others_know()
    {
        var (warm, warmExchange) = Instance("warm");
        for (var i = 0; i < 200; i++) warm.Attempt(AttemptResult.Answered, firstToken: 2);
        await warmExchange.ExchangeAsync();
        var (cold, coldExchange) = Instance("cold");

        await coldExchange.LoadAsync();

        Assert.InRange(cold.Alpha.Read().FirstTokenSeconds, 1.8, 2.2);
        Assert.Equal(200, cold.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        Assert.True(cold.Alpha.Read().SuccessRate > 0.99);
    }

    [Fact]
    public async Task A_cold_instance_starts_from_the_throughput_in_every_unit()
    {
        var (warm, warmExchange) = Instance("warm");
        foreach (var (speed, unit) in new[] { (80.0, OutputUnit.Tokens), (2.0, OutputUnit.Images) })
            warm.Attempt(default, report: new AttemptReport(AttemptResult.Answered)
            {
                Duration = TimeSpan.FromSeconds(10),
                Output = new OutputAmount(speed * 10, unit),
            });
        await warmExchange.ExchangeAsync();
        var (cold, coldExchange) = Instance("cold");

        await coldExchange.LoadAsync();

        var learned = cold.Alpha.Read().Throughput;
        Assert.InRange(learned.Tokens, 72, 88);
        Assert.InRange(learned.Images, 1.8, 2.2);
        Assert.Equal(double.NaN, learned.Seconds);
    }

    [Fact]
    public async Task Own_samples_outweigh_twenty_of_the_others()
    {
        var (warm, warmExchange) = Instance("warm");
        for (var i = 0; i < 1000; i++) warm.Attempt(AttemptResult.Answered, firstToken: 2);
        await warmExchange.ExchangeAsync();
        var (other, exchange) = Instance("other");
        await exchange.LoadAsync();
        for (var i = 0; i < 10; i++) other.Attempt(AttemptResult.Answered, firstToken: 0.2);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(other.Alpha.Read().FirstTokenSeconds, 1.6, 2.4);

        for (var i = 0; i < 30; i++) other.Attempt(AttemptResult.Answered, firstToken: 0.2);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.InRange(other.Alpha.Read().FirstTokenSeconds, 0.15, 0.3);
    }

    [Fact]
    public async Task Breaks_and_waits_and_caps_travel()
    {
        var (first, firstExchange) = Instance("first");
        for (var i = 0; i < 30; i++) first.Attempt(AttemptResult.Answered);
        first.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromSeconds(20) });
        var beta = first.Registry.Of(first.Catalog.Models[0].Endpoints[1]);
        for (var i = 0; i < 3; i++) first.Attempt(AttemptResult.Unreachable, at: beta);
        await firstExchange.ExchangeAsync();
        var (second, secondExchange) = Instance("second");

        await secondExchange.LoadAsync();

        Assert.Equal(first.Alpha.NotBefore, second.Alpha.NotBefore);
        Assert.Equal(first.Alpha.LearnedCap!.Value, second.Alpha.LearnedCap!.Value, 1e-9);
        Assert.Equal(BreakerState.Open, second.Registry.Find("acme/one@beta")!.Breaker);
    }

    [Fact]
    public async Task Own_success_outweighs_hearsay_of_a_break()
    {
        var (first, firstExchange) = Instance("first");
        first.Attempts(3, AttemptResult.Unreachable);
        await firstExchange.ExchangeAsync();
        var (second, secondExchange) = Instance("second");
        second.Attempt(AttemptResult.Answered);

        await secondExchange.LoadAsync();

        Assert.Equal(BreakerState.Closed, second.Alpha.Breaker);
    }

    [Fact]
    public async Task What_was_shared_is_not_believed_for_longer_than_its_window_nor_without_a_fresh_exchange()
    {
        var (warm, warmExchange) = Instance("warm");
        warm.Attempt(AttemptResult.Answered, firstToken: 2);
        await warmExchange.ExchangeAsync();
        var (cold, coldExchange) = Instance("cold");
        await coldExchange.LoadAsync();

        time.Advance(TimeSpan.FromMinutes(5.1));
        Assert.Equal(0, cold.Alpha.Statistics(HealthWindow.OneDay).Successes);

        await coldExchange.LoadAsync();
        Assert.Equal(0, cold.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
        Assert.Equal(1, cold.Alpha.Statistics(HealthWindow.ThirtyMinutes).Successes);
    }

    [Fact]
    public async Task Rows_of_instances_long_gone_are_deleted()
    {
        var (_, gone) = Instance("gone");
        await gone.ExchangeAsync();
        time.Advance(TimeSpan.FromHours(2.1));
        var (_, here) = Instance("here");

        await here.ExchangeAsync();

        Assert.Equal(["here"], (await store.QueryAsync(HealthExchange.Table, "instances", RowRange.All)).Rows.Select(row => row.Row));
    }

    [Fact]
    public async Task A_damaged_row_is_counted_and_the_others_are_read()
    {
        var (warm, warmExchange) = Instance("warm");
        warm.Attempt(AttemptResult.Answered);
        await warmExchange.ExchangeAsync();
        await store.CommitAsync(HealthExchange.Table, "instances", [TableChange.Upsert("broken", new Dictionary<string, object>
        {
            ["Sequence"] = 1L,
            ["Taken"] = time.GetUtcNow(),
            ["Data0"] = new byte[] { 1, 250, 250, 250 },
        })]);
        var (cold, coldExchange) = Instance("cold");

        await coldExchange.LoadAsync();

        Assert.Equal(1, coldExchange.UnreadableRows);
        Assert.Equal(1, cold.Alpha.Statistics(HealthWindow.FiveMinutes).Successes);
    }

    [Fact]
    public async Task Shared_wait_holds_five_minutes_at_most_and_is_not_passed_on_by_those_who_only_heard_of_it()
    {
        var (first, firstExchange) = Instance("first");
        first.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromHours(1) });
        await firstExchange.ExchangeAsync();
        var (second, secondExchange) = Instance("second");
        await secondExchange.LoadAsync();
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromMinutes(5), second.Alpha.NotBefore);

        await secondExchange.ExchangeAsync();
        first.Alpha.ClearWaits();
        await firstExchange.ExchangeAsync();
        await secondExchange.LoadAsync();

        Assert.Null(first.Alpha.NotBefore);
        Assert.Null(second.Alpha.NotBefore);
    }

    [Fact]
    public async Task Wait_of_an_instance_that_fell_silent_ends_after_five_minutes()
    {
        var (first, firstExchange) = Instance("first");
        first.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromHours(1) });
        await firstExchange.ExchangeAsync();
        var (second, secondExchange) = Instance("second");
        await secondExchange.LoadAsync();
        time.Advance(TimeSpan.FromMinutes(5));

        await secondExchange.LoadAsync();

        Assert.Null(second.Alpha.NotBefore);
    }

    [Fact]
    public async Task Waits_that_an_operator_cleared_end_at_every_instance_and_do_not_come_back()
    {
        var (first, firstExchange) = Instance("first");
        first.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromHours(1) });
        await firstExchange.ExchangeAsync();
        var (second, secondExchange) = Instance("second");
        await secondExchange.LoadAsync();

        await ClearedWaits.RecordAsync(store, first.Alpha.EndpointId, time.GetUtcNow(), TestContext.Current.CancellationToken);
        await secondExchange.ExchangeAsync();

        Assert.Null(second.Alpha.NotBefore);
        time.Advance(TimeSpan.FromSeconds(1));
        await firstExchange.ExchangeAsync();
        Assert.Null(first.Alpha.NotBefore);
        first.Attempt(default, report: new AttemptReport(AttemptResult.RateLimited) { RetryAfter = TimeSpan.FromMinutes(1) });
        await firstExchange.ExchangeAsync();
        await secondExchange.LoadAsync();
        Assert.NotNull(second.Alpha.NotBefore);
    }

    [Fact]
    public async Task Record_of_a_cleared_wait_is_deleted_after_two_hours()
    {
        var (_, exchange) = Instance("first");
        await ClearedWaits.RecordAsync(store, "acme/one@alpha", time.GetUtcNow(), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromHours(2.1));

        await exchange.LoadAsync();

        Assert.Empty((await store.QueryAsync(HealthExchange.Table, "cleared", RowRange.All)).Rows);
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
