using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>Adjustments change totals and ledger alike, once, whatever interrupts them.</summary>
public sealed class CreditAdjustmentsTests
{
    private static readonly BudgetLimit Key = BudgetFixture.Key(1_000_000, BudgetReset.Monthly);
    private static readonly BudgetLimit Account = BudgetFixture.Account(2_000_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_fails_on_the_way_each_adjustment_counts_once_in_the_totals_and_in_every_ledger(int seed)
    {
        var fixture = new BudgetFixture(seed);
        var totals = new UsageTotals(fixture.Store.Inner, fixture.Time);
        var random = new Random(seed);
        await RecordAsync(fixture, random, 5000);
        var (key, account) = (5000L, 5000L);
        for (var i = 0; i < 100; i++)
        {
            var amount = random.Next(-3000, 3000);
            var isKey = random.Next(2) == 0;
            // The first row of a window is made from 48 reads, which must all succeed.
            (fixture.Store.Faults, fixture.Store.Contention) = (0.05, 0.2);
            await ApplyUntilDoneAsync(fixture, Of(fixture, $"a{i}", isKey, amount), isKey ? [Key, Account] : [Account]);
            (fixture.Store.Faults, fixture.Store.Contention) = (0, 0);
            await fixture.Store.LandOneAsync();
            account += amount;
            if (isKey) key += amount;
        }
        for (var i = 0; i < 1000; i++) await fixture.Store.LandOneAsync();

        var (ofKey, ofAll) = (await totals.ReadAsync(BudgetFixture.KeyHash), await totals.ReadAllKeysAsync());
        Assert.Equal((key, key, key), (ofKey.AllTime.Cost.Value, ofKey.Monthly.Cost.Value, ofKey.Daily.Cost.Value));
        Assert.Equal(account, ofAll.AllTime.Cost.Value);
        Assert.Equal((key, account), ((await fixture.LedgerAsync(Key)).Spent, (await fixture.LedgerAsync(Account)).Spent));
        Assert.Equal(1, ofKey.AllTime.Requests);
    }

    [Fact]
    public async Task Ledger_that_instances_lease_from_has_it_too()
    {
        var fixture = new BudgetFixture();
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 500, Key)).Settle(new NanoDollars(300));

        await Adjustments(fixture).ApplyAsync(Of(fixture, "one", isKey: true, -100), [Key]);

        Assert.Equal(200, (await holds.ReadAsync(Key)).Spent.Value);
        await holds.ReleaseAsync();
        Assert.Equal((200, 0), await fixture.LedgerAsync(Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Adjustment_that_is_repeated_under_a_limit_that_was_set_later_is_in_its_ledger_once(bool hadAnother)
    {
        var fixture = new BudgetFixture();
        var adjustment = Of(fixture, "one", isKey: true, 100);
        await Adjustments(fixture).ApplyAsync(adjustment, hadAnother ? [BudgetFixture.Key(1_000_000)] : []);
        var holds = new BudgetHolds(fixture.Store, fixture.Options, fixture.Time, null, new Random(1), new UsageTotals(fixture.Store, fixture.Time));
        (await BudgetFixture.OpenAsync(holds, 500, Key)).Settle(new NanoDollars(300));
        await holds.ReleaseAsync();
        Assert.Equal(400, (await fixture.LedgerAsync(Key)).Spent);

        await Adjustments(fixture).ApplyAsync(adjustment, [Key]);

        Assert.Equal(400, (await fixture.LedgerAsync(Key)).Spent);
    }

    [Fact]
    public async Task Name_that_was_used_for_something_else_changes_nothing()
    {
        var fixture = new BudgetFixture();
        var first = Of(fixture, "one", isKey: true, 100);
        await Adjustments(fixture).ApplyAsync(first, [Key]);

        var kept = await Adjustments(fixture).ApplyAsync(first with { Amount = new NanoDollars(200) }, [Key]);

        Assert.Equal(first, kept);
        Assert.Equal(100, (await fixture.LedgerAsync(Key)).Spent);
    }

    [Fact]
    public async Task Adjustment_that_comes_again_on_another_day_counts_on_the_first()
    {
        var fixture = new BudgetFixture();
        var first = Of(fixture, "one", isKey: true, 100);
        await Adjustments(fixture).ApplyAsync(first, [Key]);
        fixture.Time.Advance(TimeSpan.FromDays(1));

        await Adjustments(fixture).ApplyAsync(Of(fixture, "one", isKey: true, 100), [Key]);

        var usage = await new UsageTotals(fixture.Store, fixture.Time).ReadAsync(BudgetFixture.KeyHash);
        Assert.Equal((100, 0), (usage.AllTime.Cost.Value, usage.Daily.Cost.Value));
    }

    [Fact]
    public async Task Sweep_of_the_day_finds_roll_ups_with_adjustments_right_and_makes_them_again_with_them()
    {
        var fixture = new BudgetFixture();
        var random = new Random(7);
        await RecordAsync(fixture, random, 700);
        await Adjustments(fixture).ApplyAsync(Of(fixture, "refund", isKey: true, -200), []);
        await Adjustments(fixture).ApplyAsync(Of(fixture, "charge", isKey: false, 50), []);
        // Some of them in partitions where nothing else is.
        for (var i = 0; i < 5; i++) await Adjustments(fixture).ApplyAsync(Of(fixture, $"refund {i}", isKey: true, -10), []);
        fixture.Time.Advance(TimeSpan.FromDays(1.1));
        var sweep = new RollupSweep(fixture.Store, fixture.Time);

        Assert.Equal(new RollupSweepReport(1, 0, 0, 0), await sweep.RunAsync());

        foreach (var partition in UsageLayout.Partitions)
            foreach (var row in await fixture.Store.Inner.ReadAllAsync(UsageLayout.Table, partition, RowRange.All, CancellationToken.None)
                .ToListAsync())
                if (row.Row.StartsWith("usage:", StringComparison.Ordinal) || row.Row.StartsWith("swept:", StringComparison.Ordinal))
                    await fixture.Store.Inner.CommitAsync(UsageLayout.Table, partition, [TableChange.Delete(row.Row)]);
        await sweep.RunAsync();
        var totals = new UsageTotals(fixture.Store, fixture.Time);
        Assert.Equal((450, 500), ((await totals.ReadAsync(BudgetFixture.KeyHash)).AllTime.Cost.Value, (await totals.ReadAllKeysAsync()).AllTime.Cost.Value));
    }

    private static CreditAdjustments Adjustments(BudgetFixture fixture) =>
        new(fixture.Store, new UsageTotals(fixture.Store, fixture.Time), fixture.Time);

    private static UsageAdjustment Of(BudgetFixture fixture, string name, bool isKey, long amount) =>
        new(name, isKey ? BudgetFixture.KeyHash : null, new NanoDollars(amount), "Because", fixture.Time.GetUtcNow());

    private static async Task ApplyUntilDoneAsync(BudgetFixture fixture, UsageAdjustment adjustment, BudgetLimit[] limits)
    {
        while (true)
        {
            try
            {
                await Adjustments(fixture).ApplyAsync(adjustment, limits);
                return;
            }
            catch (StorageUnavailableException)
            {
                // The operator calls again.
            }
        }
    }

    private static Task RecordAsync(BudgetFixture fixture, Random random, long cost) =>
        new UsageWriter(fixture.Store.Inner).WriteAsync([RandomRecords.Plain(random, BudgetFixture.KeyHash, fixture.Time.GetUtcNow(), cost)]);
}
