using System.IO.Compression;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Tests.Usage;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_spent_before_and_after_the_loss_both_count_in_totals_and_ledger_once(bool overwrite)
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 5);
        await before.SpendAsync(count: 3, releases: false);
        await ExportAsync();
        var (old, exported) = ((await new UsageTotals(lost, time).ReadAllKeysAsync()).AllTime, await before.LedgerAsync());
        var today = before.Records.TakeLast(3).Sum(record => record.Cost.Value);
        Assert.Contains(exported.Values, period => period.Leased > 0);
        var meanwhile = new Bookkeeping(restored, time, seed: 5);
        await meanwhile.SpendAsync(count: 6, releases: false);
        var since = await meanwhile.LedgerAsync();

        var report = await RestoreAsync(overwrite: overwrite);

        var expected = old.Cost.Value - today + meanwhile.Records.Sum(record => record.Cost.Value);
        Assert.Equal(expected, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime.Cost.Value);
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
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 3);
        await ExportAsync();
        await before.SpendAsync(count: 3);
        foreach (var partition in (string[])["key:inference", "account:*"])
            foreach (var row in (await lost.QueryAsync("budgets", partition, RowRange.All)).Rows)
                await lost.CommitAsync("budgets", partition, [TableChange.Delete(row.Row)]);
        await before.SpendAsync(count: 4);
        var left = await before.LeftAsync();

        await RestoreAsync(into: lost);

        Assert.Equal(left, await before.LeftAsync());
        Assert.Equal((await new UsageTotals(lost, time).ReadAllKeysAsync()).AllTime.Cost.Value, (await before.LedgerAsync())["account:* ever"].Spent);
    }

    [Fact]
    public async Task Total_of_a_closed_day_that_was_begun_again_by_a_late_record_is_made_whole()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        var old = (await new UsageTotals(lost, time).ReadAllKeysAsync()).AllTime;
        // One of several whose totals share a row.
        var late = before.Records.TakeLast(12).GroupBy(record => ShardOf(record.Id)).First(shard => shard.Count() > 1).First();
        await new UsageWriter(restored).WriteAsync([late]);

        await RestoreAsync();

        Assert.Equal(old, (await new UsageTotals(restored, time).ReadAllKeysAsync()).AllTime);
    }

    [Fact]
    public async Task Export_that_was_written_after_a_loss_is_refused_and_an_earlier_state_can_be_restored()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 4);
        await ExportAsync();
        // Everything but the exports is lost, nobody notices, and the next night exports what came since.
        var fragments = new MemoryTableStore();
        await new Bookkeeping(fragments, time, seed: 5).WorkAsync(days: 1);
        await new MoneyExport(fragments, new ExportFolder(folder.Path), Bookkeeping.Limits, time).RunAsync();

        // The table of the progress was lost too, so that days that were exported before were exported again, from nothing.
        Assert.Contains("manifests that differ", (await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync())).Message, StringComparison.Ordinal);
        foreach (var again in Directory.GetFiles(folder.Path, "manifest-*.json", SearchOption.AllDirectories)) File.Delete(again);
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("written after rows were lost", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--through 2026-11-01", fault.Message, StringComparison.Ordinal);
        Assert.Empty((await restored.QueryAsync("budgets", "account:*", RowRange.All)).Rows);
        await RestoreAsync(through: new DateOnly(2026, 11, 1));
        Assert.Equal(await before.ShownAsync(), await before.On(restored).ShownAsync());
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
        var newer = new Dictionary<string, object>(row.Properties) { ["Spent"] = 77L };
        await restored.CommitAsync("budgets", "account:*", [TableChange.Upsert(row.Row, newer)]);

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

    [Theory]
    [InlineData("records-*", "inference")]
    [InlineData("audit-*", "An invoice said so")]
    public async Task File_that_was_changed_but_for_its_rows_and_sums_is_refused(string files, string text)
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 2);
        await ExportAsync();
        var changed = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(folder.Path, "2026-10-30"), files))
        {
            var lines = await UnzipAsync(file);
            if (!lines.Contains(text, StringComparison.Ordinal)) continue;
            await ZipAsync(file, lines.Replace(text, "somebody else", StringComparison.Ordinal));
            changed++;
        }
        Assert.True(changed > 0);

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("its SHA-256 is not that of the manifest", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger", "budgets", "account:*", "window:ever", "Spent")]
    [InlineData("ledger", "budgets", "account:*", "window:ever", "Leased")]
    [InlineData("totals-05", "generations", "05", "usage:*:d20261029", "Requests")]
    [InlineData("totals-05", "generations", "05", "usage:", "Nothing")]
    [InlineData("records-05", "generations", "05", "adjusted:20261029:a", "Amount")]
    public async Task Row_of_which_a_number_is_missing_or_is_none_is_refused_in_a_line(string part, string table, string partition, string row, string name)
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 1);
        await ExportAsync();
        foreach (var instead in (object?[])[null, "5 dollars", 5])
        {
            var values = new Dictionary<string, object>();
            foreach (var number in (string[])["Spent", "Leased", "Requests", "Cost", "PromptTokens", "CompletionTokens", "ReasoningTokens", "Amount"])
                values[number] = 1L;
            if (instead is null) values.Remove(name);
            else values[name] = instead;
            await ForgeAsync(part, new ExportedRow(table, partition, row, values));

            var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

            Assert.Contains("a row that the router did not write", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Days_before_the_first_that_is_asked_for_are_not_read_and_totals_are_right_all_the_same()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 5);
        await ExportAsync();
        // As when the lifecycle of the container deleted some of the files of the oldest day.
        File.Delete(Directory.GetFiles(Path.Combine(folder.Path, "2026-10-29"), "records-*").First());
        await Assert.ThrowsAnyAsync<IOException>(() => RestoreAsync());

        var report = await RestoreAsync(from: new DateOnly(2026, 10, 30));

        Assert.Equal(new DateOnly(2026, 10, 30), report.From);
        Assert.Equal(await before.LeftAsync(), await before.On(restored).LeftAsync());
        Assert.Equal(await new UsageTotals(lost, time).ReadAllKeysAsync(), await new UsageTotals(restored, time).ReadAllKeysAsync());
    }

    [Fact]
    public async Task Adjustment_that_was_completed_after_its_day_was_exported_is_not_applied_again_after_the_restoration()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 1);
        var late = new UsageAdjustment("late", Bookkeeping.Key, NanoDollars.FromDollars(-0.01m), "Begun, and interrupted", time.GetUtcNow());
        var adjustments = new CreditAdjustments(lost, new UsageTotals(lost, time), time);
        await adjustments.BeginAsync(late);
        await before.WorkAsync(days: 2);
        await ExportAsync();
        await adjustments.ApplyAsync(late, Bookkeeping.Limits);
        await before.WorkAsync(days: 1);
        await ExportAsync();
        var totals = await new UsageTotals(lost, time).ReadAllKeysAsync();
        await RestoreAsync();

        await new CreditAdjustments(restored, new UsageTotals(restored, time), time).ApplyAsync(late, Bookkeeping.Limits);

        Assert.Equal(totals, await new UsageTotals(restored, time).ReadAllKeysAsync());
        Assert.Equal(await before.LeftAsync(), await before.On(restored).LeftAsync());
    }

    [Fact]
    public async Task Totals_of_a_key_whose_id_is_escaped_are_exported_and_restored()
    {
        var record = RandomRecords.Plain(new Random(1), "key:with!signs/and#more", time.GetUtcNow(), 5_000_000, "acme/one@alpha");
        await new UsageWriter(lost).WriteAsync([record]);
        time.Advance(TimeSpan.FromDays(1));
        await Task.Run(() => ExportAsync()).WaitAsync(TimeSpan.FromMinutes(1));

        await RestoreAsync();

        Assert.Equal(5_000_000, (await new UsageTotals(restored, time).ReadAsync(record.KeyHash)).AllTime.Cost.Value);
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

    [Fact]
    public async Task Manifest_that_was_there_before_the_export_is_reported_and_not_restored_until_an_operator_decides()
    {
        var before = new Bookkeeping(lost, time);
        await before.WorkAsync(days: 2);
        var day = new DateOnly(2026, 10, 30);
        var forged = Path.Combine(folder.Path, "2026-10-30", "manifest.json");
        await Files.TryWriteAsync("2026-10-30/manifest.json", "{}"u8.ToArray());
        var faults = new NotedFaults();

        await ExportAsync(faults);

        Assert.Equal((day, "manifest"), Assert.Single(faults.Noted));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());
        Assert.Contains("2026-10-30/manifest-", fault.Message, StringComparison.Ordinal);
        File.Delete(forged);
        await RestoreAsync();
        Assert.Equal(await before.ShownAsync(), await before.On(restored).ShownAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    public async Task Export_of_a_day_that_is_not_over_is_refused(int daysAhead)
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 2);
        await ExportAsync();
        var day = ExportLayout.DayName(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(daysAhead));
        await Files.TryWriteAsync(day + "/manifest.json", "{}"u8.ToArray());

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains(day + ", a day that is not over", fault.Message, StringComparison.Ordinal);
        await RestoreAsync(through: new DateOnly(2026, 10, 30));
    }

    [Theory]
    [InlineData("ledger", "catalogcopies", "key:inference")]
    [InlineData("ledger", "generations", "05")]
    [InlineData("records-05", "generations", "06")]
    [InlineData("audit", "budgets", "key:inference")]
    public async Task Row_of_a_table_or_partition_that_the_part_does_not_have_is_refused(string part, string table, string partition)
    {
        await new Bookkeeping(lost, time).WorkAsync(days: 1);
        await ExportAsync();
        await ForgeAsync(part, new ExportedRow(table, partition, "row", new Dictionary<string, object> { ["Amount"] = 1L }));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RestoreAsync());

        Assert.Contains("another table or partition", fault.Message, StringComparison.Ordinal);
        Assert.Null(await restored.GetAsync(table, partition, "row"));
    }

    private ExportFolder Files => new(folder.Path);

    /// <summary>What somebody may write who knows the format: another file for a part, and the manifest that fits it.</summary>
    private async Task ForgeAsync(string name, params ExportedRow[] rows)
    {
        var day = new DateOnly(2026, 10, 29);
        var attempt = Guid.NewGuid().ToString("N");
        using var writer = new ExportWriter(Files, number => ExportLayout.FileName(day, name, attempt, number));
        foreach (var row in rows) await writer.AddAsync(row, default);
        await writer.EndAsync(default);
        var parts = new ExportReader(Files).Parts(day)
            .Select(part => part.Name == name ? new ExportedPart(name, attempt, writer.Files, writer.Rows, default) : part);
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "2026-10-29", "manifest.json"), ExportManifest.Write(day, [.. parts]));
    }

    private static async Task<string> UnzipAsync(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return await lines.ReadToEndAsync();
    }

    private static async Task ZipAsync(string file, string lines)
    {
        await using var zip = new GZipStream(File.Create(file), CompressionLevel.Optimal);
        await zip.WriteAsync(System.Text.Encoding.UTF8.GetBytes(lines));
    }

    private static int ShardOf(string id) => GenerationId.TryParse(id, out _, out var shard) ? shard : throw new FormatException(id);

    private Task<ExportReport> ExportAsync(IExportFaults? faults = null) => new MoneyExport(lost, Files, Bookkeeping.Limits, time, faults).RunAsync();

    private Task<RestoreReport> RestoreAsync(bool apply = true, bool overwrite = false, DateOnly? through = null, DateOnly? from = null,
        MemoryTableStore? into = null) =>
        new MoneyRestore(into ?? restored, new ExportFolder(folder.Path), new RestoreOptions(apply, overwrite, through) { From = from }, time).RunAsync();
}
