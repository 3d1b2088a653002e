using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>How instances share a ledger: how much they lease, when they ask it, and what becomes of leases whose holders are gone or cut off.</summary>
public sealed class BudgetLeaseTests
{
    private static readonly TimeSpan PastMemory = TimeSpan.FromSeconds(3);
    private readonly BudgetFixture fixture = new();

    [Fact]
    public async Task Ledger_that_is_away_is_not_needed_while_the_lease_lasts_and_refuses_after()
    {
        var limit = BudgetFixture.Key(100_000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(10));
        fixture.Store.Faults = 1;

        // Of the lease four times the first hold is free, and the hold came back but for 10.
        (await BudgetFixture.OpenAsync(holds, 300, limit)).Settle(new NanoDollars(300));
        Assert.Equal(BudgetRefusalReason.LedgerUnreachable, (await BudgetFixture.TryAsync(holds, 400, limit))!.Reason);
        Assert.Null(await BudgetFixture.TryAsync(holds, 50, limit));
        fixture.Time.Advance(fixture.Options.LeaseLifetime);
        Assert.Equal(BudgetRefusalReason.LedgerUnreachable, (await BudgetFixture.TryAsync(holds, 1, limit))!.Reason);
        Assert.NotEmpty(fixture.Faults);

        fixture.Store.Faults = 0;
        fixture.Time.Advance(PastMemory);
        Assert.Null(await BudgetFixture.TryAsync(holds, 400, limit));
    }

    [Fact]
    public async Task Operator_may_choose_to_serve_without_the_ledger_and_all_of_it_is_counted_later()
    {
        var limit = BudgetFixture.Key(1000);
        var unbound = new BudgetFixture { Options = new BudgetOptions { ServeWithoutLedger = true } };
        var holds = unbound.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(100));
        unbound.Store.Faults = 1;
        for (var i = 0; i < 30; i++) (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(60));
        unbound.Store.Faults = 0;
        for (var i = 0; i < 200; i++) await unbound.Store.LandOneAsync();
        unbound.Time.Advance(PastMemory);

        Assert.Equal(BudgetRefusalReason.Exhausted, (await BudgetFixture.TryAsync(holds, 1, limit))!.Reason);
        await holds.ReleaseAsync();
        Assert.Equal((1900, 0), await unbound.LedgerAsync(limit));
    }

    [Fact]
    public async Task Ledger_that_does_not_answer_is_given_up_after_five_seconds()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        fixture.Store.Delay = () => new TaskCompletionSource().Task;
        var opening = BudgetFixture.TryAsync(holds, 10, limit);
        fixture.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(opening.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(BudgetRefusalReason.LedgerUnreachable, (await opening)!.Reason);
        // Others do not wait for it again.
        Assert.True(BudgetFixture.TryAsync(holds, 10, limit).IsCompleted);
    }

    [Fact]
    public async Task Caller_who_leaves_while_the_ledger_is_asked_holds_nothing()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        var line = new TaskCompletionSource();
        fixture.Store.Delay = () => line.Task;
        using var left = new CancellationTokenSource();
        var opening = holds.OpenAsync([limit], new NanoDollars(600), left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        line.SetResult();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => BudgetFixture.OpenAsync(holds, 500, limit)));
        Assert.Equal((0, 1000), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Empty_budget_answers_from_memory_until_money_comes_free()
    {
        var limit = BudgetFixture.Key(100);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 80, limit);
        Assert.NotNull(await BudgetFixture.TryAsync(holds, 40, limit));
        var commits = fixture.Store.Commits;
        for (var i = 0; i < 100; i++) Assert.NotNull(await BudgetFixture.TryAsync(holds, 40, limit));

        Assert.Equal(commits, fixture.Store.Commits);
        hold.Settle(new NanoDollars(10));
        Assert.Null(await BudgetFixture.TryAsync(holds, 40, limit));
    }

    [Fact]
    public async Task Empty_budget_is_looked_at_again_after_a_while_and_in_a_new_window()
    {
        var limit = BudgetFixture.Key(100, BudgetReset.Daily);
        var (one, other) = (fixture.Instance(), fixture.Instance());
        var hold = await BudgetFixture.OpenAsync(other, 100, limit);
        Assert.NotNull(await BudgetFixture.TryAsync(one, 50, limit));
        hold.Settle(new NanoDollars(20));
        await other.ReleaseAsync();
        Assert.NotNull(await BudgetFixture.TryAsync(one, 50, limit));

        fixture.Time.Advance(PastMemory);
        (await BudgetFixture.OpenAsync(one, 50, limit)).Settle(new NanoDollars(50));
        Assert.NotNull(await BudgetFixture.TryAsync(one, 50, limit));
        fixture.Time.Advance(TimeSpan.FromHours(16));
        Assert.Null(await BudgetFixture.TryAsync(one, 50, limit));
    }

    [Fact]
    public async Task Busy_instance_writes_to_the_ledger_seldom()
    {
        var limit = BudgetFixture.Key(1_000_000_000);
        var holds = fixture.Instance();
        for (var i = 0; i < 10_000; i++)
        {
            (await BudgetFixture.OpenAsync(holds, 1000, limit)).Settle(new NanoDollars(100));
            fixture.Time.Advance(TimeSpan.FromMilliseconds(10));
            if (i % 3000 == 2999) await holds.RenewAsync();
        }

        Assert.InRange(fixture.Store.Commits, 1, 20);
        await holds.ReleaseAsync();
        Assert.Equal((1_000_000, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Last_nano_dollar_can_be_spent_hold_by_hold()
    {
        var limit = BudgetFixture.Key(1003);
        var holds = fixture.Instance();
        var granted = 0;
        while (await BudgetFixture.TryAsync(holds, 10, limit) is null) granted++;

        Assert.Equal(100, granted);
        Assert.Null(await BudgetFixture.TryAsync(holds, 3, limit));
        Assert.NotNull(await BudgetFixture.TryAsync(holds, 1, limit));
    }

    [Fact]
    public async Task Leases_ahead_of_need_shrink_as_the_money_runs_out()
    {
        var limit = BudgetFixture.Key(100_000);
        var holds = fixture.Instance();
        var largest = long.MaxValue;
        for (var spent = 0; spent < 95_000; spent += 5000)
        {
            (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(5000));
            await holds.RenewAsync();
            var (recorded, leased) = await fixture.LedgerAsync(limit);
            Assert.True(leased <= (limit.Amount.Value - recorded) / 10, $"{leased} of {limit.Amount.Value - recorded}");
            Assert.True(leased <= largest);
            largest = leased;
        }
        Assert.True(largest <= 500);
    }

    [Fact]
    public async Task Idle_instance_gives_its_lease_back()
    {
        var limit = BudgetFixture.Key(100_000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(10));
        for (var i = 0; i < 6; i++) await holds.RenewAsync();

        Assert.Equal((10, 0), await fixture.LedgerAsync(limit));
        Assert.Equal(0, await fixture.LeaseCountAsync(limit));
        var commits = fixture.Store.Commits;
        await holds.RenewAsync();
        Assert.Equal(commits, fixture.Store.Commits);
    }

    [Fact]
    public async Task Orderly_end_gives_back_all_but_what_is_in_flight()
    {
        var limit = BudgetFixture.Key(100_000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(10));
        await BudgetFixture.OpenAsync(holds, 70, limit);
        await holds.ReleaseAsync();

        Assert.Equal((10, 70), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Instance_that_ends_leases_for_its_last_requests_what_they_need_and_no_more()
    {
        var (limit, unused) = (BudgetFixture.Key(100_000), BudgetFixture.Account(100_000));
        var holds = fixture.Instance();
        var last = await BudgetFixture.OpenAsync(holds, 100, limit);
        await holds.ReleaseAsync();
        Assert.Null(await last.CoverAsync(new NanoDollars(50), default));
        var late = await BudgetFixture.OpenAsync(holds, 30, limit, unused);

        Assert.Equal((0, 180), await fixture.LedgerAsync(limit));
        Assert.Equal((0, 30), await fixture.LedgerAsync(unused));
        last.Settle(new NanoDollars(120));
        late.Settle(new NanoDollars(20));
        await holds.ReleaseAsync();
        Assert.Equal((140, 0), await fixture.LedgerAsync(limit));
        Assert.Equal((20, 0), await fixture.LedgerAsync(unused));
    }

    [Fact]
    public async Task Killed_instance_costs_the_budget_no_more_than_its_lease_and_the_next_one_serves_at_once()
    {
        var limit = BudgetFixture.Key(100_000);
        for (var restart = 0; restart < 10; restart++)
        {
            var holds = fixture.Instance();
            for (var i = 0; i < 20; i++) (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(50));
        }

        // 20 requests of 50 each, one of 100 in flight at a time: a kill costs at most four times that beside what was spent.
        fixture.Time.Advance(fixture.Options.LeaseLifetime + BudgetSweep.Grace);
        await fixture.Sweep().SweepAsync([limit]);
        var (spent, leased) = await fixture.LedgerAsync(limit);
        Assert.Equal(0, leased);
        Assert.InRange(spent, 10_000, 10_000 + 10 * 4 * (20 * 50 + 100));
    }

    [Fact]
    public async Task Sweep_lets_a_lease_be_until_the_grace_is_over_and_then_counts_it_as_spent()
    {
        var limit = BudgetFixture.Key(1000);
        await BudgetFixture.OpenAsync(fixture.Instance(), 90, limit);
        var leased = (await fixture.LedgerAsync(limit)).Leased;
        fixture.Time.Advance(fixture.Options.LeaseLifetime + BudgetSweep.Grace - TimeSpan.FromSeconds(1));
        Assert.Equal(NanoDollars.Zero, await fixture.Sweep().SweepAsync([limit]));
        // Reports need not wait that long.
        Assert.Equal(new NanoDollars(leased), (await fixture.Instance().ReadAsync(limit)).Spent);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new NanoDollars(leased), await fixture.Sweep().SweepAsync([limit]));

        Assert.Equal((leased, 0), await fixture.LedgerAsync(limit));
        Assert.Equal(NanoDollars.Zero, await fixture.Sweep().SweepAsync([limit]));
    }

    [Fact]
    public async Task Holder_that_was_taken_for_dead_begins_a_new_lease_and_what_it_held_is_not_counted_twice()
    {
        var limit = BudgetFixture.Key(10_000);
        var holds = fixture.Instance();
        var hold = await BudgetFixture.OpenAsync(holds, 100, limit);
        var longer = await BudgetFixture.OpenAsync(holds, 100, limit);
        fixture.Time.Advance(fixture.Options.LeaseLifetime + BudgetSweep.Grace);
        var forfeited = await fixture.Sweep().SweepAsync([limit]);
        hold.Settle(new NanoDollars(80));

        var another = await BudgetFixture.OpenAsync(holds, 90, limit);
        (await BudgetFixture.OpenAsync(holds, 500, limit)).Settle(new NanoDollars(7));
        another.Settle(NanoDollars.Zero);
        longer.Settle(new NanoDollars(60));

        Assert.Equal(new NanoDollars(forfeited.Value + 7), (await holds.ReadAsync(limit)).Spent);
        await holds.ReleaseAsync();
        Assert.Equal((forfeited.Value + 7, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Holder_that_was_taken_for_dead_still_reports_what_it_served_beyond_its_lease()
    {
        var limit = BudgetFixture.Key(1000);
        var cutOff = new BudgetFixture { Options = new BudgetOptions { ServeWithoutLedger = true } };
        var holds = cutOff.Instance();
        (await BudgetFixture.OpenAsync(holds, 10, limit)).Settle(NanoDollars.Zero);
        cutOff.Store.Faults = 1;
        var longest = await BudgetFixture.OpenAsync(holds, 300, limit);
        for (var i = 0; i < 4; i++) (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(100));
        cutOff.Time.Advance(cutOff.Options.LeaseLifetime + BudgetSweep.Grace);
        cutOff.Store.Faults = 0;
        Assert.InRange((await cutOff.Sweep().SweepAsync([limit])).Value, 1, 99);

        // What is in flight then counts in full, for its cost is not known.
        await holds.RenewAsync();
        Assert.Equal((700, 0), await cutOff.LedgerAsync(limit));
        longest.Settle(new NanoDollars(200));
        (await BudgetFixture.OpenAsync(holds, 5, limit)).Settle(new NanoDollars(5));
        await holds.ReleaseAsync();
        Assert.Equal((705, 0), await cutOff.LedgerAsync(limit));
        Assert.Equal(0, await cutOff.LeaseCountAsync(limit));
    }

    [Fact]
    public async Task Holder_whose_last_report_landed_unseen_before_it_was_taken_for_dead_loses_no_spending()
    {
        var limit = BudgetFixture.Key(10_000);
        var cutOff = new BudgetFixture { Options = new BudgetOptions { ServeWithoutLedger = true } };
        var holds = cutOff.Instance();
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(NanoDollars.Zero);
        Assert.True((await cutOff.LedgerAsync(limit)).Leased > 100);
        cutOff.Store.DisownNext = 1;
        // The lease is given back but for what is held; what is read after that is not answered.
        var held = await BudgetFixture.OpenAsync(holds, 20, limit);
        var requests = 0;
        cutOff.Store.Delay = () => ++requests > 3 ? throw new StorageUnavailableException("The line is cut.") : Task.CompletedTask;
        await holds.ReleaseAsync();
        Assert.Equal((0, 20), await cutOff.LedgerAsync(limit));
        (await BudgetFixture.OpenAsync(holds, 100, limit)).Settle(new NanoDollars(100));
        held.Settle(new NanoDollars(20));
        cutOff.Store.Delay = () => Task.CompletedTask;
        cutOff.Time.Advance(cutOff.Options.LeaseLifetime + BudgetSweep.Grace);
        Assert.Equal(new NanoDollars(20), await cutOff.Sweep().SweepAsync([limit]));

        await holds.RenewAsync();
        Assert.Equal((120, 0), await cutOff.LedgerAsync(limit));
    }

    [Fact]
    public async Task Report_that_landed_and_was_answered_as_a_conflict_counts_once()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 50, limit)).Settle(new NanoDollars(30));
        fixture.Store.DisownNext = 1;
        await holds.RenewAsync();

        Assert.Equal(30, (await fixture.LedgerAsync(limit)).Spent);
        await holds.ReleaseAsync();
        Assert.Equal((30, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Return_that_landed_and_was_answered_as_a_conflict_leaves_nothing_to_hold()
    {
        var limit = BudgetFixture.Key(1000);
        var holds = fixture.Instance();
        (await BudgetFixture.OpenAsync(holds, 50, limit)).Settle(NanoDollars.Zero);
        fixture.Store.DisownNext = 1;
        // The return is the first commit; what is read after it is not answered.
        var requests = 0;
        fixture.Store.Delay = () => ++requests > 3 ? throw new StorageUnavailableException("The line is cut.") : Task.CompletedTask;
        await holds.ReleaseAsync();
        Assert.NotNull(await BudgetFixture.TryAsync(holds, 40, limit));

        fixture.Store.Delay = () => Task.CompletedTask;
        fixture.Time.Advance(PastMemory);
        (await BudgetFixture.OpenAsync(holds, 40, limit)).Settle(new NanoDollars(40));
        await holds.ReleaseAsync();
        Assert.Equal((40, 0), await fixture.LedgerAsync(limit));
    }

    [Fact]
    public async Task Parallel_holds_on_one_remaining_cent_are_granted_once()
    {
        const int Parallel = 50;
        var limit = BudgetFixture.Key(1_000_000);
        fixture.Store.Delay = async () => await Task.Yield();
        var instances = Enumerable.Range(0, 5).Select(_ => fixture.Instance()).ToArray();

        var refusals = await Task.WhenAll(Enumerable.Range(0, Parallel)
            .Select(i => Task.Run(() => BudgetFixture.TryAsync(instances[i % instances.Length], 1_000_000, limit))));

        Assert.Single(refusals, refusal => refusal is null);
    }

    [Fact]
    public async Task Instances_at_once_never_pass_the_budget_and_lose_none_of_it()
    {
        var (key, account) = (BudgetFixture.Key(20_000, BudgetReset.Monthly), BudgetFixture.Account(30_000));
        fixture.Store.Delay = async () => await Task.Yield();
        var instances = Enumerable.Range(0, 4).Select(_ => fixture.Instance()).ToArray();
        long inFlight = 0, worst = 0, spent = 0;
        var refused = 0;

        async Task CallAsync(BudgetHolds holds, int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 300; i++)
            {
                var amount = random.Next(1, 400);
                var (hold, refusal) = await holds.OpenAsync([key, account], new NanoDollars(amount), default);
                if (refusal is not null)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }
                var now = Interlocked.Add(ref inFlight, amount);
                InterlockedMax(ref worst, now);
                await Task.Yield();
                var cost = random.Next(amount + 1);
                Interlocked.Add(ref spent, cost);
                // Before the settlement, so that the sum is never below the truth.
                Interlocked.Add(ref inFlight, cost - amount);
                hold.Settle(new NanoDollars(cost));
                if (random.Next(20) == 0) await holds.RenewAsync();
            }
        }
        await Task.WhenAll(instances.SelectMany(holds => Enumerable.Range(0, 8).Select(seed => Task.Run(() => CallAsync(holds, seed)))));

        Assert.InRange(worst, 1, key.Amount.Value);
        foreach (var holds in instances) await holds.ReleaseAsync();
        Assert.Equal((spent, 0), await fixture.LedgerAsync(key));
        Assert.Equal((spent, 0), await fixture.LedgerAsync(account));
        Assert.True(refused > 0);
        // An instance that asks for more than there is does not take what there is.
        Assert.NotNull(await BudgetFixture.TryAsync(fixture.Instance(), key.Amount.Value - spent + 1, key));
        Assert.Null(await BudgetFixture.TryAsync(fixture.Instance(), key.Amount.Value - spent, key));
    }

    [Fact]
    public async Task Hold_out_of_a_lease_allocates_next_to_nothing()
    {
        var limits = new[] { BudgetFixture.Key(1_000_000_000), BudgetFixture.Account(1_000_000_000) };
        var holds = fixture.Instance();
        for (var i = 0; i < 1000; i++) (await BudgetFixture.OpenAsync(holds, 100, limits)).Settle(NanoDollars.Zero);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var opening = holds.OpenAsync(limits, new NanoDollars(100), default);
            Assert.True(opening.IsCompletedSuccessfully);
            (await opening).Hold.Settle(NanoDollars.Zero);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 300);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen) return;
            seen = found;
        }
    }
}
