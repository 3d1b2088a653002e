using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>What each way to keep the ledger promises when a region is away, in the numbers that docs/budgets.md gives.</summary>
public sealed class RegionShareTests
{
    private static readonly BudgetLimit Whole = BudgetFixture.Key(1_000_000, BudgetReset.Monthly);
    private readonly BudgetFixture shared = new(), own = new();

    private static BudgetLimit Rest => Whole.Part(0.8m);

    private static BudgetLimit Share => Whole.Part(0.2m);

    [Fact]
    public async Task Shared_ledger_that_is_away_refuses_300_seconds_after_the_last_renewal_and_not_before()
    {
        var holds = shared.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, Rest)).Settle(new NanoDollars(100));
        shared.Time.Advance(TimeSpan.FromSeconds(30));
        await holds.RenewAsync();
        shared.Store.Faults = 1;

        for (var seconds = 0; seconds < 299; seconds += 23)
        {
            Assert.Null(await BudgetFixture.TryAsync(holds, 1, Rest));
            shared.Time.Advance(TimeSpan.FromSeconds(23));
        }
        Assert.Null(await BudgetFixture.TryAsync(holds, 1, Rest));
        shared.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(BudgetRefusalReason.LedgerUnreachable, (await BudgetFixture.TryAsync(holds, 1, Rest))!.Reason);
        Assert.Equal(TimeSpan.FromSeconds(300), shared.Options.LeaseLifetime);
        Assert.Equal(TimeSpan.FromSeconds(30), shared.Options.RenewalPeriod);
    }

    [Fact]
    public async Task Without_the_shared_ledger_an_instance_spends_at_most_a_tenth_of_what_was_left()
    {
        var holds = shared.Instance();
        (await BudgetFixture.OpenAsync(holds, 50_000, Rest)).Settle(new NanoDollars(50_000));
        await holds.RenewAsync();
        var left = Rest.Amount.Value - (await shared.LedgerAsync(Rest)).Spent;
        shared.Store.Faults = 1;

        Assert.InRange(await SpendAllAsync(holds, Rest), 1, left / 10);
    }

    [Fact]
    public async Task New_instance_refuses_at_once_while_the_shared_ledger_is_away()
    {
        shared.Store.Faults = 1;

        Assert.Equal(BudgetRefusalReason.LedgerUnreachable, (await BudgetFixture.TryAsync(shared.Instance(), 1, Rest))!.Reason);
    }

    [Fact]
    public async Task Region_with_a_share_spends_exactly_its_share_while_the_shared_ledger_is_away()
    {
        shared.Store.Faults = 1;

        Assert.Equal(200_000, await SpendAllAsync(own.Instance(), Share));
        Assert.Empty(own.Faults);
    }

    [Fact]
    public async Task Other_regions_spend_exactly_the_rest_while_a_region_with_a_share_is_away()
    {
        own.Store.Faults = 1;

        Assert.Equal(800_000, await SpendAllAsync(shared.Instance(), Rest));
        Assert.Equal(0, await SpendAllAsync(own.Instance(), Share));
    }

    [Fact]
    public async Task Share_given_in_the_middle_of_a_period_adds_at_most_itself_to_what_was_spent()
    {
        await SpendAllAsync(shared.Instance(), Whole.Part(0.9m));

        // The new ledger knows nothing of what was spent; the old one is over its new part.
        Assert.Equal(0, await SpendAllAsync(shared.Instance(), Rest));
        Assert.Equal(200_000, await SpendAllAsync(own.Instance(), Share));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Regions_that_come_and_go_never_spend_more_than_the_limit_together(int seed)
    {
        var random = new Random(seed);
        BudgetFixture[] ledgers = [new(seed), new(seed + 100), new(seed + 200)];
        BudgetLimit[] parts = [Whole.Part(0.333333m), Whole.Part(0.2m), Whole.Part(0.466667m)];
        BudgetHolds[][] instances = [.. ledgers.Select(ledger => new[] { ledger.Instance(), ledger.Instance() })];
        var spent = 0L;
        for (var step = 0; step < 3000; step++)
        {
            var region = random.Next(3);
            if (random.Next(20) == 0) ledgers[region].Store.Faults = random.Next(3) == 0 ? 1 : 0;
            if (random.Next(10) == 0) ledgers[region].Time.Advance(TimeSpan.FromSeconds(random.Next(100)));
            if (random.Next(50) == 0) instances[region][random.Next(2)] = ledgers[region].Instance();
            var holds = instances[region][random.Next(2)];
            var (hold, refusal) = await holds.OpenAsync([parts[region]], new NanoDollars(random.Next(1, 4000)), CancellationToken.None);
            if (refusal is not null) continue;
            var cost = random.NextInt64(hold.Total.Value + 1);
            hold.Settle(new NanoDollars(cost));
            spent += cost;
        }

        Assert.InRange(spent, Whole.Amount.Value / 2, Whole.Amount.Value);
    }

    private static async Task<long> SpendAllAsync(BudgetHolds holds, BudgetLimit limit)
    {
        var spent = 0L;
        foreach (var step in (int[])[10_000, 1000, 100, 10, 1])
        {
            while (true)
            {
                var (hold, refusal) = await holds.OpenAsync([limit], new NanoDollars(step), CancellationToken.None);
                if (refusal is not null) break;
                hold.Settle(new NanoDollars(step));
                spent += step;
            }
        }
        return spent;
    }
}
