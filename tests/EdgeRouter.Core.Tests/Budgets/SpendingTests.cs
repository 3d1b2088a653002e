using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

public sealed class SpendingTests
{
    private readonly BudgetFixture fixture = new();
    private readonly Random random = new(4);
    private readonly UsageTotals totals;

    public SpendingTests() => totals = new UsageTotals(fixture.Store, fixture.Time);

    public static TheoryData<BudgetReset> Resets => [.. Enum.GetValues<BudgetReset>()];

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task What_has_no_record_yet_is_used_in_the_window_of_the_limit(BudgetReset reset)
    {
        var limit = BudgetFixture.Key(1000, reset);
        var holds = fixture.Instance();
        await RecordAsync(20);
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(33));

        var report = await new Spending(holds, totals).ReadAsync(BudgetFixture.KeyHash, limit);

        Assert.Equal((new NanoDollars(33), new NanoDollars(967)), (report.Spent, report.Remaining));
        Assert.Equal(report.Spent, Spending.In(report.Usage, reset));
        Assert.Equal(33, report.Usage.AllTime.Cost.Value);
    }

    [Fact]
    public async Task Instance_that_died_before_its_report_takes_nothing_from_the_sum()
    {
        var limit = BudgetFixture.Key(1000);
        (await BudgetFixture.OpenAsync(fixture.Instance(), 100, limit)).Settle(new NanoDollars(70));
        await RecordAsync(70);

        var after = await new Spending(fixture.Instance(), totals).ReadAsync(BudgetFixture.KeyHash, limit);

        Assert.Equal(0, (await fixture.LedgerAsync(limit)).Spent);
        Assert.Equal((new NanoDollars(70), new NanoDollars(930)), (after.Spent, after.Remaining));
    }

    [Fact]
    public async Task More_than_the_limit_leaves_nothing()
    {
        await RecordAsync(1200);
        var report = await new Spending(fixture.Instance(), totals).ReadAsync(BudgetFixture.KeyHash, BudgetFixture.Key(1000));
        Assert.Equal((new NanoDollars(1200), NanoDollars.Zero), (report.Spent, report.Remaining));
    }

    [Theory]
    [InlineData(BudgetReset.Never, 300)]
    [InlineData(BudgetReset.Daily, 40)]
    public async Task New_limit_is_bound_by_what_its_window_has_spent_already(BudgetReset reset, long before)
    {
        await RecordAsync(260, fixture.Time.GetUtcNow().AddDays(-40));
        await RecordAsync(40);
        var limit = BudgetFixture.Key(1000, reset);
        var holds = new BudgetHolds(fixture.Store, fixture.Options, fixture.Time, null, new Random(1), totals);

        Assert.Equal(new NanoDollars(1000 - before), (await BudgetFixture.TryAsync(holds, 1001 - before, limit))!.Remaining);
        (await BudgetFixture.OpenAsync(holds, 1000 - before, limit)).Settle(new NanoDollars(5));
        await holds.ReleaseAsync();

        Assert.Equal((before + 5, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Reads_beside_writes_never_count_twice_nor_fall_back()
    {
        var limit = BudgetFixture.Key(1_000_000);
        var holds = fixture.Instance();
        var spending = Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++) (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(10));
        });
        var last = 0L;
        while (!spending.IsCompleted)
        {
            // The store answers at once, so that this loop may run inside of the lease's own work: without a break the spending would not get its turn.
            await Task.Yield();
            // Waited for: renewals that pile up would keep the spending from its turn.
            var renewing = holds.RenewAsync();
            var spent = (await holds.ReadAsync(limit)).Spent.Value;
            await renewing;
            Assert.InRange(spent, last, 30_000);
            last = spent;
        }
        await spending;
        Assert.Equal(30_000, (await holds.ReadAsync(limit)).Spent.Value);
    }

    private async Task RecordAsync(long cost, DateTimeOffset? at = null) =>
        await new UsageWriter(fixture.Store).WriteAsync([RandomRecords.Plain(random, BudgetFixture.KeyHash, at, cost)]);
}
