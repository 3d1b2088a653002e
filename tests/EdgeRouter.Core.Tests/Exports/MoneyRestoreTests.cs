using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Exported rows come back, and nothing newer is lost to them.</summary>
public sealed class MoneyRestoreTests : MoneyRestoreFixture
{
    [Fact]
    public async Task Everything_that_is_shown_is_as_before_and_spending_goes_on_right()
    {
        var before = new Bookkeeping(Lost, Time);
        // Into another month, and another week, in three weeks with an export each.
        for (var week = 0; week < 3; week++)
        {
            await before.WorkAsync(days: 7);
            await ExportAsync();
        }
        var shown = await before.ShownAsync();
        var left = await before.LeftAsync();

        var report = await RestoreAsync();

        Assert.Equal((21, 0L), (report.Days, report.Newer));
        Assert.Equal(before.Records.Sum(record => record.Cost.Value), report.Sums.Records.Value);
        var after = new Bookkeeping(Restored, Time, seed: 9);
        await before.On(Restored).RepeatAllAsync();
        Assert.Equal(shown, await before.On(Restored).ShownAsync());
        await after.SpendAsync(count: 9);
        var spent = after.Records.Where(record => record.KeyHash == Bookkeeping.Key).Sum(record => record.Cost.Value);
        Assert.Equal((left.Key - spent, left.Account - after.Records.Sum(record => record.Cost.Value)), await after.LeftAsync());
    }

    [Fact]
    public async Task Last_export_alone_puts_totals_and_ledger_right()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 25);
        await ExportAsync();
        foreach (var day in Directory.GetDirectories(Folder).Order(StringComparer.Ordinal).SkipLast(1)) Directory.Delete(day, recursive: true);
        var left = await before.LeftAsync();

        await RestoreAsync();

        Assert.Equal(left, await before.On(Restored).LeftAsync());
        Assert.Equal(await new UsageTotals(Lost, Time).ReadAllKeysAsync(), await new UsageTotals(Restored, Time).ReadAllKeysAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_spent_before_and_after_the_loss_both_count_in_totals_and_ledger_once(bool overwrite)
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 5);
        await before.SpendAsync(count: 3, releases: false);
        await ExportAsync();
        var (old, exported) = ((await new UsageTotals(Lost, Time).ReadAllKeysAsync()).AllTime, await before.LedgerAsync());
        var today = before.Records.TakeLast(3).Sum(record => record.Cost.Value);
        Assert.Contains(exported.Values, period => period.Leased > 0);
        var meanwhile = new Bookkeeping(Restored, Time, seed: 5);
        await meanwhile.SpendAsync(count: 6, releases: false);
        var since = await meanwhile.LedgerAsync();

        var report = await RestoreAsync(overwrite: overwrite);

        var expected = old.Cost.Value - today + meanwhile.Records.Sum(record => record.Cost.Value);
        Assert.Equal(expected, (await new UsageTotals(Restored, Time).ReadAllKeysAsync()).AllTime.Cost.Value);
        var merged = await meanwhile.LedgerAsync();
        foreach (var (period, row) in exported)
        {
            var later = since.GetValueOrDefault(period);
            Assert.Equal((row.Spent + row.Leased + later.Spent, later.Leased, later.Leases), merged[period]);
            Assert.Equal(merged[period].Leases, merged[period].Leased);
        }
        Assert.True(report.Counts["budgets"].Merged >= 2);
        Assert.Equal(0, report.Newer);
        await RestoreAsync();
        Assert.Equal(merged, await meanwhile.LedgerAsync());
    }

    [Fact]
    public async Task Ledger_that_was_made_again_from_totals_that_were_not_lost_does_not_have_them_twice()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 3);
        await ExportAsync();
        await before.SpendAsync(count: 3);
        foreach (var partition in (string[])["key:inference", "account:*"])
            foreach (var row in (await Lost.QueryAsync("budgets", partition, RowRange.All)).Rows)
                await Lost.CommitAsync("budgets", partition, [TableChange.Delete(row.Row)]);
        await before.SpendAsync(count: 4);
        var left = await before.LeftAsync();

        await RestoreAsync(into: Lost);

        Assert.Equal(left, await before.LeftAsync());
        Assert.Equal((await new UsageTotals(Lost, Time).ReadAllKeysAsync()).AllTime.Cost.Value, (await before.LedgerAsync())["account:* ever"].Spent);
    }

    [Fact]
    public async Task Total_of_a_closed_day_that_was_begun_again_by_a_late_record_is_made_whole()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        var old = (await new UsageTotals(Lost, Time).ReadAllKeysAsync()).AllTime;
        // One of several whose totals share a row.
        var late = before.Records.TakeLast(12).GroupBy(record => ShardOf(record.Id)).First(shard => shard.Count() > 1).First();
        await new UsageWriter(Restored).WriteAsync([late]);

        await RestoreAsync();

        Assert.Equal(old, (await new UsageTotals(Restored, Time).ReadAllKeysAsync()).AllTime);
    }

    [Fact]
    public async Task Export_that_was_written_after_a_loss_is_refused_and_an_earlier_state_can_be_restored()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 4);
        await ExportAsync();
        // Everything but the exports is Lost, nobody notices, and the next night exports what came since.
        var fragments = new MemoryTableStore();
        await new Bookkeeping(fragments, Time, seed: 5).WorkAsync(days: 1);
        await new MoneyExport(fragments, new ExportFolder(Folder), Bookkeeping.Limits, Time).RunAsync();

        // The table of the progress was lost too, so that days that were exported before were exported again, from nothing.
        Assert.Contains("manifests that differ", (await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync())).Message, StringComparison.Ordinal);
        foreach (var again in Directory.GetFiles(Folder, "manifest-*.json", SearchOption.AllDirectories)) File.Delete(again);
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("written after rows were lost", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--through 2026-11-01", fault.Message, StringComparison.Ordinal);
        Assert.Empty((await Restored.QueryAsync("budgets", "account:*", RowRange.All)).Rows);
        await RestoreAsync(through: new DateOnly(2026, 11, 1));
        Assert.Equal(await before.ShownAsync(), await before.On(Restored).ShownAsync());
    }

    [Fact]
    public async Task Dry_run_says_what_would_be_done_and_changes_nothing()
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 2);
        await ExportAsync();

        var dry = await RestoreAsync(apply: false);
        var empty = await Restored.QueryAsync("budgets", "account:*", RowRange.All);
        var wet = await RestoreAsync();

        Assert.Empty(empty.Rows);
        Assert.Equal(wet.Counts, dry.Counts);
        Assert.Equal(wet.Sums, dry.Sums);
        Assert.All((await RestoreAsync()).Counts.Values, counts => Assert.Equal((0L, 0L), (counts.Written, counts.Newer)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Newer_row_stays_unless_told_otherwise(bool overwrite)
    {
        await new Bookkeeping(Lost, Time).WorkAsync(days: 2);
        await ExportAsync();
        await RestoreAsync();
        var row = (await Restored.GetAsync("budgets", "account:*", "window:ever"))!;
        var newer = new Dictionary<string, object>(row.Properties) { ["Spent"] = 77L };
        await Restored.CommitAsync("budgets", "account:*", [TableChange.Upsert(row.Row, newer)]);

        var report = await RestoreAsync(overwrite: overwrite);

        Assert.Equal(overwrite ? (0L, 1L) : (1L, 0L), (report.Counts["budgets"].Newer, report.Counts["budgets"].Overwritten));
        Assert.Equal(overwrite ? row.Properties["Spent"] : 77L, (await Restored.GetAsync("budgets", "account:*", "window:ever"))!.Properties["Spent"]);
    }

    [Fact]
    public async Task Restoration_up_to_a_day_leaves_what_came_after_it()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        var then = (await new UsageTotals(Lost, Time).ReadAllKeysAsync()).AllTime;
        await before.WorkAsync(days: 2);
        await ExportAsync();

        var report = await RestoreAsync(through: new DateOnly(2026, 10, 30));

        Assert.Equal(new DateOnly(2026, 10, 30), report.Through);
        Assert.Equal(then, (await new UsageTotals(Restored, Time).ReadAllKeysAsync()).AllTime);
    }

    [Fact]
    public async Task Days_before_the_first_that_is_asked_for_are_not_read_and_totals_are_right_all_the_same()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 5);
        await ExportAsync();
        // As when the lifecycle of the container deleted some of the files of the oldest day.
        File.Delete(Directory.GetFiles(Path.Combine(Folder, "2026-10-29"), "records-*").First());
        await Assert.ThrowsAnyAsync<IOException>(() => RestoreAsync());

        var report = await RestoreAsync(from: new DateOnly(2026, 10, 30));

        Assert.Equal(new DateOnly(2026, 10, 30), report.From);
        Assert.Equal(await before.LeftAsync(), await before.On(Restored).LeftAsync());
        Assert.Equal(await new UsageTotals(Lost, Time).ReadAllKeysAsync(), await new UsageTotals(Restored, Time).ReadAllKeysAsync());
    }

    [Fact]
    public async Task Adjustment_that_was_completed_after_its_day_was_exported_is_not_applied_again_after_the_restoration()
    {
        var before = new Bookkeeping(Lost, Time);
        await before.WorkAsync(days: 1);
        var late = new UsageAdjustment("late", Bookkeeping.Key, NanoDollars.FromDollars(-0.01m), "Begun, and interrupted", Time.GetUtcNow());
        var adjustments = new CreditAdjustments(Lost, new UsageTotals(Lost, Time), Time);
        await adjustments.BeginAsync(late);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        await adjustments.ApplyAsync(late, Bookkeeping.Limits);
        await before.WorkAsync(days: 1);
        await ExportAsync();
        var totals = await new UsageTotals(Lost, Time).ReadAllKeysAsync();
        await RestoreAsync();

        await new CreditAdjustments(Restored, new UsageTotals(Restored, Time), Time).ApplyAsync(late, Bookkeeping.Limits);

        Assert.Equal(totals, await new UsageTotals(Restored, Time).ReadAllKeysAsync());
        Assert.Equal(await before.LeftAsync(), await before.On(Restored).LeftAsync());
    }

    [Fact]
    public async Task Totals_of_a_key_whose_id_is_escaped_are_exported_and_restored()
    {
        var charge = new UsageAdjustment("charge", "key:with!signs/and#more", new NanoDollars(5_000_000), "Test", Time.GetUtcNow());
        await new CreditAdjustments(Lost, new UsageTotals(Lost, Time), Time).ApplyAsync(charge, []);
        Time.Advance(TimeSpan.FromDays(1));
        await Task.Run(() => ExportAsync()).WaitAsync(TimeSpan.FromMinutes(1));

        await RestoreAsync();

        Assert.Equal(5_000_000, (await new UsageTotals(Restored, Time).ReadAsync(charge.CallerId!)).AllTime.Cost.Value);
    }

    private static int ShardOf(string id) => GenerationId.TryParse(id, out _, out var shard) ? shard : throw new FormatException(id);
}
