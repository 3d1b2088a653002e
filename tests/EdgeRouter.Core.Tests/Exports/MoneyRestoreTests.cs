using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Exported rows come back, and nothing newer is lost to them.</summary>
public sealed class MoneyRestoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly VirtualTimeProvider time = new(new DateTimeOffset(2026, 10, 29, 8, 0, 0, TimeSpan.Zero));
    private readonly MemoryTableStore lost = new(), restored = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_that_is_shown_is_as_before_and_spending_goes_on_right()
    {
        var before = new Bookkeeping(lost, time);
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
        var after = new Bookkeeping(restored, time, seed: 9);
        await before.On(restored).RepeatAllAsync();
        Assert.Equal(shown, await before.On(restored).ShownAsync());
        await after.SpendAsync(count: 9);
        var spent = after.Records.Where(record => record.KeyHash == Bookkeeping.Key).Sum(record => record.Cost.Value);
        Assert.Equal((left.Key - spent, left.Account - after.Records.Sum(record => record.Cost.Value)), await after.LeftAsync());
    }

    [Fact]
    public async Task Last_export_alone_puts_totals_and_ledger_right()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 25);
        await ExportAsync();
        foreach (var day in Directory.GetDirectories(folder.Path).Order(StringComparer.Ordinal).SkipLast(1)) Directory.Delete(day, recursive: true);
        var left = await before.LeftAsync();

        await RestoreAsync();

        Assert.Equal(left, await before.On(restored).LeftAsync());
        Assert.Equal(await new UsageTotals(lost, time).ReadAllKeysAsync(), await new UsageTotals(restored, time).ReadAllKeysAsync());
    }

    [Fact]
    public async Task Records_that_came_after_the_loss_are_added_to_the_restored_totals()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 5);
        await ExportAsync();
        var old = (await new UsageTotals(lost, time).ReadAllKeysAsync()).AllTime;
        var meanwhile = new Bookkeeping(restored, time, seed: 5);
        await meanwhile.SpendAsync(count: 6);

        var report = await RestoreAsync();

        var expected = old.Cost.Value + meanwhile.Records.Sum(record => record.Cost.Value);
        Assert.Equal(expected, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime.Cost.Value);
        // The ledger has rows of its own by then, which are newer.
        Assert.True(report.Counts["budgets"].Newer > 0);
    }

    [Fact]
    public async Task Dry_run_says_what_would_be_done_and_changes_nothing()
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 2);
        await ExportAsync();

        var dry = await RestoreAsync(apply: false);
        var empty = await restored.QueryAsync("budgets", "account:*", RowRange.All);
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
        await new Bookkeeping(lost, time).WorkAsync(days: 2);
        await ExportAsync();
        await RestoreAsync();
        var row = (await restored.GetAsync("budgets", "account:*", "window:ever"))!;
        await restored.CommitAsync("budgets", "account:*", [TableChange.Upsert(row.Row, new Dictionary<string, object> { ["Spent"] = 77L, ["Leased"] = 0L })]);

        var report = await RestoreAsync(overwrite: overwrite);

        Assert.Equal(overwrite ? (0L, 1L) : (1L, 0L), (report.Counts["budgets"].Newer, report.Counts["budgets"].Overwritten));
        Assert.Equal(overwrite ? row.Properties["Spent"] : 77L, (await restored.GetAsync("budgets", "account:*", "window:ever"))!.Properties["Spent"]);
    }

    [Fact]
    public async Task Restoration_up_to_a_day_leaves_what_came_after_it()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        var then = (await new UsageTotals(lost, time).ReadAllKeysAsync()).AllTime;
        await before.WorkAsync(days: 2);
        await ExportAsync();

        var report = await RestoreAsync(through: new DateOnly(2026, 10, 30));

        Assert.Equal(new DateOnly(2026, 10, 30), report.Through);
        Assert.Equal(then, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("gone")]
    [InlineData("changed")]
    public async Task Damaged_export_is_refused_before_anything_is_written(string damage)
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 2);
        await ExportAsync();
        var file = Directory.GetFiles(Path.Combine(folder.Path, "2026-10-30"), "totals-*").Order(StringComparer.Ordinal).First();
        if (damage == "gone") File.Delete(file);
        else if (damage == "cut") await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..100]);
        else File.Copy(Directory.GetFiles(Path.Combine(folder.Path, "2026-10-30"), "ledger-*").Single(), file, overwrite: true);

        Assert.True(await Record.ExceptionAsync(() => RestoreAsync()) is InvalidDataException or IOException);

        foreach (var partition in UsageLayout.Partitions) Assert.Empty((await restored.QueryAsync(UsageLayout.Table, partition, RowRange.All)).Rows);
    }

    [Fact]
    public async Task Folder_without_a_complete_export_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "2026-10-30"));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("no complete export", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_in_a_manifest_that_leads_out_of_the_folder_is_refused()
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 1);
        await ExportAsync();
        var manifest = Path.Combine(folder.Path, "2026-10-29", "manifest.json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"ledger\"", "\"../../ledger\"", StringComparison.Ordinal));

        Assert.True(await Record.ExceptionAsync(() => RestoreAsync()) is InvalidDataException or IOException);
        foreach (var name in (string[])["2026-10-29/../../secret.gz", "2026-10-29/..", "../2026-10-29/manifest.json", "/etc/passwd", "2026-10-29\\x.gz", ""])
            Assert.Contains("not the name", Assert.Throws<IOException>(() => new ExportFolder(folder.Path).OpenRead(name)).Message, StringComparison.Ordinal);
    }

    private Task<ExportReport> ExportAsync() => new MoneyExport(lost, new ExportFolder(folder.Path), Bookkeeping.Limits, time).RunAsync();

    private Task<RestoreReport> RestoreAsync(bool apply = true, bool overwrite = false, DateOnly? through = null) =>
        new MoneyRestore(restored, new ExportFolder(folder.Path), new RestoreOptions(apply, overwrite, through)).RunAsync();
}
