using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>Holds of one instance, level by level and attempt by attempt.</summary>
public sealed class BudgetHoldsTests
{
    private readonly BudgetFixture fixture = new();

    [Fact]
    public async Task Hold_above_the_limit_is_refused_with_the_limit_and_what_is_left()
    {
        var limit = BudgetFixture.Key(100, BudgetReset.Monthly);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 30, limit)).Settle(new NanoDollars(30));

        var refusal = await BudgetFixture.TryAsync(holds, 71, limit);

        Assert.Equal(BudgetRefusalReason.Exhausted, refusal!.Reason);
        Assert.Equal(limit, refusal.Limit);
        Assert.Equal("2026-11", refusal.Period!.Name);
        Assert.Equal(new NanoDollars(71), refusal.Requested);
        Assert.Equal(new NanoDollars(70), refusal.Remaining);
        Assert.Null(await BudgetFixture.TryAsync(holds, 70, limit));
    }

    [Fact]
    public async Task What_one_level_refuses_is_held_on_none()
    {
        var (key, account) = (BudgetFixture.Key(100), BudgetFixture.Account(50));
        var holds = fixture.Instance();

        var refusal = await BudgetFixture.TryAsync(holds, 60, key, account);

        Assert.Equal(account, refusal!.Limit);
        // All of the key's limit is still there.
        Assert.Null(await BudgetFixture.TryAsync(holds, 100, key));
    }

    [Fact]
    public async Task Limit_of_zero_refuses_all_that_costs_and_lets_pass_what_is_free()
    {
        var holds = fixture.Instance();

        Assert.NotNull(await BudgetFixture.TryAsync(holds, 1, BudgetFixture.Key(0)));
        Assert.Null(await BudgetFixture.TryAsync(holds, 0, BudgetFixture.Key(0)));
    }

    [Fact]
    public async Task Cost_above_the_hold_is_counted_in_full()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 10, limit)).Settle(new NanoDollars(700));

        Assert.Equal(new NanoDollars(300), (await BudgetFixture.TryAsync(holds, 301, limit))!.Remaining);
        await holds.ReleaseAsync();
        Assert.Equal((700, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Cost_above_the_limit_is_counted_in_full_and_nothing_is_left()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 10, limit)).Settle(new NanoDollars(250));

        Assert.Equal(NanoDollars.Zero, (await BudgetFixture.TryAsync(holds, 1, limit))!.Remaining);
        await holds.ReleaseAsync();
        Assert.Equal((250, 0), await fixture.LedgerAsync(limit));
        Assert.Equal(NanoDollars.Zero, (await holds.ReadAsync(limit)).Remaining);
    }

    [Fact]
    public async Task Absurd_costs_do_not_overflow_into_new_money()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        var open = new List<BudgetHold>();
        for (var i = 0; i < 20; i++) open.Add(await BudgetFixture.OpenAsync(holds, 10, limit));
        foreach (var hold in open) hold.Settle(new NanoDollars(long.MaxValue));

        Assert.Equal(NanoDollars.Zero, (await BudgetFixture.TryAsync(holds, 1, limit))!.Remaining);
        Assert.NotNull(await BudgetFixture.TryAsync(holds, long.MaxValue, limit));
    }

    [Fact]
    public async Task Only_the_first_settlement_counts()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 50, limit);

        var settled = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => hold.Settle(new NanoDollars(20)))));

        Assert.Single(settled, first => first);
        await holds.ReleaseAsync();
        Assert.Equal((20, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Second_attempt_needs_money_of_its_own_unless_the_first_was_released()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 60, limit);

        Assert.Equal(BudgetRefusalReason.Exhausted, (await hold.CoverAsync(new NanoDollars(50), default))!.Reason);
        Assert.Equal(new NanoDollars(60), hold.Total);
        hold.Release(new NanoDollars(60));
        // 60 are there, 30 more are needed and had; 10 are left.
        Assert.Null(await hold.CoverAsync(new NanoDollars(90), default));
        Assert.Equal(new NanoDollars(90), hold.Total);
        Assert.False(hold.MayCover(new NanoDollars(11)));
        Assert.True(hold.MayCover(new NanoDollars(10)));
        hold.Settle(new NanoDollars(75));
        await holds.ReleaseAsync();
        Assert.Equal((75, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Refused_extension_leaves_every_level_and_the_released_cover_as_they_were()
    {
        var (key, account) = (BudgetFixture.Key(100), BudgetFixture.Account(60));
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 40, key, account);
        hold.Release(new NanoDollars(40));

        Assert.NotNull(await hold.CoverAsync(new NanoDollars(70), default));

        Assert.Equal(new NanoDollars(40), hold.Total);
        Assert.Null(await BudgetFixture.TryAsync(holds, 60, key));
        Assert.Null(await hold.CoverAsync(new NanoDollars(40), default));
        Assert.Equal(new NanoDollars(40), hold.Total);
    }

    [Fact]
    public async Task After_settlement_no_attempt_is_covered()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 10, limit);
        hold.Settle(NanoDollars.Zero);

        Assert.Equal(BudgetRefusalReason.Settled, (await hold.CoverAsync(new NanoDollars(1), default))!.Reason);
        await holds.ReleaseAsync();
        Assert.Equal((0, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Attempt_that_is_covered_while_its_request_ends_holds_nothing()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 10, limit);
        var line = new TaskCompletionSource();
        fixture.Store.Delay = () => line.Task;
        var covering = hold.CoverAsync(new NanoDollars(90), default);
        Assert.False(covering.IsCompleted);
        hold.Settle(new NanoDollars(4));
        line.SetResult();

        Assert.Equal(BudgetRefusalReason.Settled, (await covering)!.Reason);
        await holds.ReleaseAsync();
        Assert.Equal((4, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Request_that_outlasts_its_window_counts_in_the_window_where_it_began()
    {
        var limit = BudgetFixture.Key(100, BudgetReset.Daily);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 60, limit);
        fixture.Time.Advance(TimeSpan.FromDays(1));

        // The new day has all of its money, the old one what it had left: an attempt more belongs there too.
        Assert.Null(await BudgetFixture.TryAsync(holds, 100, limit));
        Assert.NotNull(await hold.CoverAsync(new NanoDollars(41), default));
        Assert.Null(await hold.CoverAsync(new NanoDollars(40), default));
        hold.Settle(new NanoDollars(77));
        await holds.RenewAsync();
        await holds.RenewAsync();
        Assert.Equal((77, 0), await fixture.LedgerAsync(limit, "2026-11-20"));
        Assert.Equal((0, 100), await fixture.LedgerAsync(limit, "2026-11-21"));
    }

    [Fact]
    public async Task Clock_that_is_set_back_finds_what_was_spent_in_the_old_window()
    {
        var limit = BudgetFixture.Key(100, BudgetReset.Daily);
        var before = fixture.Instance();
        (await BudgetFixture.OpenAsync(before, 90, limit)).Settle(new NanoDollars(90));
        await before.ReleaseAsync();
        fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(await BudgetFixture.TryAsync(before, 90, limit));
        var back = new BudgetFixture();
        var after = new BudgetHolds(fixture.Store, fixture.Options, back.Time, null, new Random(1));

        Assert.Equal(new NanoDollars(10), (await BudgetFixture.TryAsync(after, 11, limit))!.Remaining);
    }

    [Fact]
    public async Task Caller_without_limits_has_holds_that_cover_anything_and_touch_no_ledger()
    {
        var (hold, refusal) = await fixture.Instance().OpenAsync([], new NanoDollars(long.MaxValue), default);

        Assert.Null(refusal);
        Assert.False(hold.IsBounded);
        Assert.Null(await hold.CoverAsync(new NanoDollars(long.MaxValue), default));
        Assert.True(hold.MayCover(new NanoDollars(long.MaxValue)));
        Assert.Equal(0, fixture.Store.Commits);
    }

    [Fact]
    public async Task Balance_knows_what_is_not_yet_in_the_ledger()
    {
        var limit = BudgetFixture.Key(1000, BudgetReset.Weekly);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(33));

        var balance = await holds.ReadAsync(limit);

        Assert.Equal(0, (await fixture.LedgerAsync(limit)).Spent);
        Assert.Equal((new NanoDollars(33), new NanoDollars(967), "2026-W47"), (balance.Spent, balance.Remaining, balance.Period.Name));
    }
}
